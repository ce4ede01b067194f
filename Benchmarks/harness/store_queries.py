"""The same questions to every store, in turn, on one connection that stays open."""

import json

from .processes import BenchmarkError, Watched
from .store_line import PEER, Line, compared, medians

# What our answer may take longer than one of as many bytes that Hummingbird gives by itself, in microseconds.
ABOVE_BARE = 30
# Enough to see which of several routes is the fastest.
TRIAL_REQUESTS = 30


class Question:
    """What is asked, how often, and how many times faster than VictoriaMetrics the answer is expected.

    `paths` gives the routes of a store that answer it; the store is measured by the fastest.
    """

    def __init__(self, name, title, paths, requests, factor=None, beside_bare=False):
        self.name = name
        self.title = title
        self.paths = paths
        self.requests = requests
        self.factor = factor
        self.beside_bare = beside_bare


def questions(data):
    month = data.fleet[0].start
    maxima = "hourly maxima of 87 series, 30 days"
    return [
        Question("query-latest", "latest of one series",
                 lambda store: [store.latest(data.raw)], 4_000, beside_bare=True),
        Question("query-raw-day", "8,640 readings of one series",
                 lambda store: store.raw(data.raw, data.end), 1_000, 1.5),
        Question("query-means", "5-minute means over 35,000 readings",
                 lambda store: [store.means(data.mean, data.end)], 500, 2),
        Question("query-means-cached", "the same where VictoriaMetrics has kept the result",
                 lambda store: [store.means(data.mean, data.end, is_cached=True)], 500),
        Question("query-maxima", maxima, lambda store: [store.maxima(month, data.end)], 100, 5),
        Question("query-maxima-cached", "the same where VictoriaMetrics has kept the result",
                 lambda store: [store.maxima(month, data.end, is_cached=True)], 100),
    ]


class BareHTTP:
    """What Hummingbird itself takes for an answer of that length."""

    def __init__(self, tools, byte_count):
        self.watched = Watched([tools.binary("bare-http"), "--bytes", str(byte_count)])
        self.port = int(self.watched.wait_for(r"listening http=\S+:(\d+)", 15).group(1))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.watched.end()


def http_latency(tools, port, path, requests, seconds=20):
    probe = Watched([tools.binary("http-latency"), "--port", str(port), "--path", path, "--requests", str(requests),
                     "--warm-up", str(max(5, requests // 10)), "--seconds", str(seconds)])
    code, output = probe.finish(seconds + 40)
    result = json.loads(output) if code == 0 else {}
    if not result.get("requests"):
        raise BenchmarkError(f"http-latency ended with {code}: {'; '.join(probe.lines[-3:])}")
    return result


class Queries:
    """Measures questions of stores that hold the same readings."""

    def __init__(self, tools, stores, runs, quick, say):
        self.tools = tools
        self.stores = stores
        self.runs = runs
        self.quick = quick
        self.say = say

    def lines(self, question):
        requests = max(50, question.requests // (5 if self.quick else 1))
        self.say(f"{question.name}: {question.title}")
        paths = {store.name: self.fastest(store, question) for store in self.stores}
        self.check_rows(question, paths)
        results = {}
        for run in range(self.runs):
            for store in self.stores if run % 2 == 0 else reversed(self.stores):
                results.setdefault(store.name, []).append(
                    http_latency(self.tools, store.port, paths[store.name], requests))
            if question.beside_bare:
                with BareHTTP(self.tools, results["hub"][0]["bytes"]) as bare:
                    results.setdefault("bare", []).append(http_latency(self.tools, bare.port, "/", requests))
        return [self.line(question, figure, {
            store: [result[figure] for result in found] for store, found in results.items()})
            for figure in ("p50_us", "p99_us")]

    def fastest(self, store, question):
        paths = question.paths(store)
        if len(paths) == 1:
            return paths[0]
        times = {path: http_latency(self.tools, store.port, path, TRIAL_REQUESTS)["p50_us"] for path in paths}
        routes = (f"{path.partition('?')[0]} {took:.0f} us" for path, took in times.items())
        self.say(f"    {store.name}: " + ", ".join(routes))
        return min(times, key=times.get)

    def check_rows(self, question, paths):
        """All have to answer with as much, else one does less work than another."""
        rows = {store.name: store.rows(store.get(paths[store.name])) for store in self.stores}
        if len(set(rows.values())) > 1 or not all(rows.values()):
            raise BenchmarkError(f"{question.name}: the stores answer with different numbers of rows: {rows}")

    def line(self, question, figure, samples):
        values = medians(samples)
        self.say("    " + ", ".join(f"{store} {value:.0f} {figure}" for store, value in values.items()))
        if question.factor:
            return compared(question.name, question.title, figure, samples, at_least=question.factor, peer=PEER)
        if not question.beside_bare:
            return Line(question.name, question.title, figure, samples)
        title = f"{question.title} (bare Hummingbird {values['bare']:.0f})"
        # The bound is of the usual answer; the slowest ones are the machine's in both.
        if figure != "p50_us":
            return Line(question.name, title, figure, samples)
        return Line(question.name, title, figure, samples, f"at most {ABOVE_BARE} more than bare",
                    values["hub"] <= values["bare"] + ABOVE_BARE)
