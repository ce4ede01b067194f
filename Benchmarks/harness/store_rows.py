"""What is measured of the stores. Each function returns lines: (row, what, figure, values by store, expected, holds)."""

import contextlib
import json
import os
import signal
import sqlite3
import statistics
import tempfile
import time

from .loads import load_result, start_load
from .processes import BenchmarkError, Watched, cpu_seconds
from .servers import Hub, Mosquitto
from .stores import HubStore, InfluxDB, VictoriaMetrics

PEERS = {VictoriaMetrics.name: VictoriaMetrics, InfluxDB.name: InfluxDB}


class Line:
    """One line of the table: a figure of each store, and whether the hub's is what is expected."""

    def __init__(self, row, what, figure, values, expected="", holds=None):
        self.row = row
        self.what = what
        self.figure = figure
        self.values = values
        self.expected = expected
        self.holds = holds


def ratio_line(row, what, figure, values, at_least=None, at_most=None, peer=VictoriaMetrics.name):
    """The hub's figure over the peer's, at least or at most so much; where less is better, the peer's over the hub's."""
    hub, other = values.get("hub"), values.get(peer)
    limit = at_least if at_least is not None else at_most
    sign = "at least" if at_least is not None else "at most"
    if not hub or not other:
        return Line(row, what, figure, values, f"{sign} {limit:g}x {peer}")
    ratio = hub / other if at_most is not None or figure.endswith("/s") else other / hub
    return Line(row, f"{what} ({ratio:.2f}x)", figure, values, f"{sign} {limit:g}x {peer}",
                ratio >= at_least if at_least is not None else ratio <= at_most)


# Queries

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
    if code != 0:
        raise BenchmarkError(f"http-latency ended with {code}: {'; '.join(probe.lines[-3:])}")
    return json.loads(output)


class Queries:
    """The same questions to every store, in turn."""

    def __init__(self, tools, data, stores, runs, quick, say):
        self.tools = tools
        self.stores = stores
        self.runs = runs
        self.quick = quick
        self.say = say
        month = data.fleet[0].start
        # Name, title, the question, how often it is asked, and how many times faster than VictoriaMetrics is expected.
        self.questions = [
            ("query-latest", "latest of one series", lambda store: store.latest(data.raw), 4_000, None),
            ("query-raw-day", "8,640 readings of one series", lambda store: store.raw(data.raw, data.end), 1_000, 1.5),
            ("query-means", "5-minute means over 35,000 readings", lambda store: store.means(data.mean, data.end), 500, 2),
            ("query-means-cached", "the same where VictoriaMetrics has kept the result",
             lambda store: store.means(data.mean, data.end, nocache=0), 500, 0),
            ("query-maxima", "hourly maxima of 87 series, 30 days",
             lambda store: store.maxima(month, data.end), 100, 5),
        ]

    def lines(self):
        lines = []
        for name, title, question, requests, factor in self.questions:
            requests = max(50, requests // (5 if self.quick else 1))
            self.say(f"{name}: {title}")
            rows = {store.name: store.rows(store.get(question(store))) for store in self.stores}
            if len(set(rows.values())) > 1:
                self.say(f"    rows differ: {rows}")
            results = {}
            for run in range(self.runs):
                for store in self.stores if run % 2 == 0 else reversed(self.stores):
                    result = http_latency(self.tools, store.port, question(store), requests)
                    results.setdefault(store.name, []).append(result)
                if name == "query-latest":
                    with BareHTTP(self.tools, results["hub"][0]["bytes"]) as bare:
                        results.setdefault("bare", []).append(http_latency(self.tools, bare.port, "/", requests))
            for figure in ("p50_us", "p99_us"):
                values = {store: statistics.median(result[figure] for result in found)
                          for store, found in results.items()}
                self.say("    " + ", ".join(f"{store} {value:.0f} {figure}" for store, value in values.items()))
                if factor == 0:
                    lines.append(Line(name, title, figure, values))
                elif factor:
                    lines.append(ratio_line(name, title, figure, values, at_least=factor))
                else:
                    lines.append(Line(name, f"{title} (bare Hummingbird {values['bare']:.0f})", figure, values,
                                      "at most 30 more than bare" if figure == "p50_us" else "",
                                      values["hub"] <= values["bare"] + 30 if figure == "p50_us" else None))
        return lines


# Memory, start, bytes

def resident_line(stores):
    values = {store.name: store.resident for store in stores}
    return Line("resident", "resident with 1.08 M readings of 320 series", "MB", values, "at most 40",
                values["hub"] <= 40)


def restart_line(stores, data):
    values = {}
    for store in stores:
        store.end()
        path = store.latest(data.raw)
        begin = time.monotonic()
        store.watched = Watched(store.command())
        while not store.answers(path):
            if store.watched.is_over or time.monotonic() > begin + 60:
                raise BenchmarkError(f"{store.name} does not start again: {'; '.join(store.watched.lines[-5:])}")
            time.sleep(0.0005)
        values[store.name] = (time.monotonic() - begin) * 1_000
    return Line("restart", "start with 1.08 M readings to the first answer", "ms", values, "at most 50",
                values["hub"] <= 50)


def bytes_lines(tools, files, say):
    """Bytes a reading of series in line protocol, by file: (name, path, readings, (group, most that is expected of it))."""
    lines = []
    groups = {}
    for name, path, readings, group in files:
        with HubStore(tools, "--retention", "3650d") as hub:
            hub.load(path)
            # A hub that is stopped leaves everything in chunks.
            hub.end()
            with contextlib.closing(sqlite3.connect(os.path.join(hub.data, "hub.db"))) as file:
                found, chunks = file.execute("SELECT sum(count), sum(length(data)) FROM chunks").fetchone()
                rollups = file.execute("SELECT total(length(data)) FROM rollups").fetchone()[0]
        if found != readings:
            raise BenchmarkError(f"{found:,} of {readings:,} readings of {name} are in chunks")
        say(f"    {name}: {chunks / readings:.2f} in chunks, {rollups / readings:.2f} in rollups")
        lines.append(Line(f"bytes-{name}", f"{readings:,} readings, their chunks on disk", "bytes/reading",
                          {"hub": chunks / readings}))
        for key in (group, ("all", 2.2)):
            total = groups.setdefault(key, [0, 0])
            total[0] += readings
            total[1] += chunks
    for (name, most), (readings, chunks) in groups.items():
        if name:
            value = chunks / readings
            lines.append(Line(f"bytes-{name}", f"{readings:,} readings together", "bytes/reading", {"hub": value},
                              f"at most {most:g}", value <= most))
    return lines


def wait_until(condition, seconds):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


# Acknowledgements

def sync_times(folder, count=1_000):
    """Microseconds of an fdatasync behind 4 KiB more."""
    times = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(count):
            os.write(file.fileno(), b"x" * 4_096)
            begin = time.perf_counter_ns()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter_ns() - begin) / 1_000)
    times.sort()
    return times


def acknowledgement_lines(tools, seconds, runs):
    found = {"p50_us": [], "p99_us": []}
    syncs = {"p50_us": [], "p99_us": []}
    for _ in range(runs):
        with HubStore(tools) as hub:
            times = sync_times(hub.folder)
            probe = Watched([tools.binary("publish-latency"), "--port", str(hub.mqtt), "--qos", "1", "--acknowledged",
                             "--rate", "1000", "--seconds", str(seconds), "--warm-up", "1000"])
            code, output = probe.finish(seconds + 60)
            if code != 0:
                raise BenchmarkError(f"publish-latency ended with {code}: {'; '.join(probe.lines[-3:])}")
            result = json.loads(output)
        for figure, place in (("p50_us", 0.5), ("p99_us", 0.99)):
            found[figure].append(result[figure])
            syncs[figure].append(times[int(len(times) * place)])
    lines = []
    for figure, most in (("p50_us", 3), ("p99_us", 20)):
        value = statistics.median(found[figure])
        # Both are held against one fdatasync as it usually is.
        sync = statistics.median(syncs["p50_us"])
        lines.append(Line("acknowledged", f"PUBACK at 1,000 messages/s; fdatasync {sync:.0f} us ({value / sync:.1f}x)",
                          figure, {"hub": value}, f"at most {most}x fdatasync", value <= most * sync))
    return lines


# The stack that people build today

class QueueingMosquitto(Mosquitto):
    """One that drops nothing while its subscriber is behind."""

    def start(self):
        super().start()
        self.watched.end()
        configuration = os.path.join(self.folder, "mosquitto.conf")
        with open(configuration, "a") as file:
            file.write("max_queued_messages 0\nmax_inflight_messages 0\n")
        self.watched = Watched([self.tools.mosquitto, "-c", configuration])
        time.sleep(0.5)


LOAD = ("publish", "--qos", "1", "--publishers", 100, "--topics", 100, "--telemetry", "--in-flight", 100)


def stack_sample(tools, seconds):
    """Readings a second until they can be asked for, and CPU seconds of a million, of broker, bridge and database."""
    with QueueingMosquitto(tools) as broker, VictoriaMetrics(tools) as database:
        bridge = Watched([tools.binary("influx-bridge"), str(broker.port), str(database.port)])
        try:
            bridge.wait_for("subscribed", 10)
            pids = (broker.pid, database.watched.pid, bridge.pid)
            before = sum(map(cpu_seconds, pids))
            begin = time.monotonic()
            published = load_result(tools, broker, *LOAD, "--seconds", seconds, seconds=seconds)["published"]

            def is_there():
                database.flush()
                return stored(database) >= published

            if not wait_until(is_there, 240):
                raise BenchmarkError(f"the stack has {stored(database):,} of {published:,} readings: "
                                     + "; ".join(bridge.lines[-3:]))
            took = time.monotonic() - begin
            return published / took, (sum(map(cpu_seconds, pids)) - before) / published * 1e6
        finally:
            bridge.end()


def stored(database):
    """Readings that can be asked for."""
    query = "/api/v1/query?query=sum(count_over_time(reading_temperature%5B100y%5D))&time=" + str(time.time() + 10 * 86_400)
    result = json.loads(database.get(query))["data"]["result"]
    return int(result[0]["value"][1]) if result else 0


def hub_sample(tools, seconds):
    with Hub(tools) as hub:
        before = cpu_seconds(hub.pid)
        begin = time.monotonic()
        published = load_result(tools, hub, *LOAD, "--seconds", seconds, seconds=seconds)["published"]
        complaint = hub.check_stored(published)
        if complaint:
            raise BenchmarkError(complaint)
        return published / (time.monotonic() - begin), (cpu_seconds(hub.pid) - before) / published * 1e6


def stack_lines(tools, seconds, runs):
    samples = {"hub": [], "stack": []}
    for run in range(runs):
        pairs = [("hub", hub_sample), ("stack", stack_sample)]
        for name, sample in pairs if run % 2 == 0 else reversed(pairs):
            samples[name].append(sample(tools, seconds))
    medians = {name: [statistics.median(values) for values in zip(*found)] for name, found in samples.items()}
    title = "QoS 1 until it can be asked for; the stack is Mosquitto, a C bridge, VictoriaMetrics"
    return [
        ratio_line("stack", title, "readings/s", {name: found[0] for name, found in medians.items()}, at_least=15,
                   peer="stack"),
        ratio_line("stack", title, "CPU s/million", {name: found[1] for name, found in medians.items()}, at_most=0.1,
                   peer="stack"),
    ]


# Ten million readings

def recovery_lines(tools, say):
    """10 million readings of 5,000 series; kill -9; the time until the hub is ready again."""
    with HubStore(tools, "--maximum-connections", "10000") as hub:
        hub.watched.port = hub.mqtt

        class Door:
            port = hub.mqtt

        published = 0
        while published < 10_000_000:
            load = start_load(tools, Door, "publish", "--qos", "1", "--publishers", 5_000, "--topics", 5_000, "--telemetry",
                              "--in-flight", 20, "--seconds", 4)
            code, output = load.finish(120)
            if code != 0:
                raise BenchmarkError(f"mqtt-load ended with {code}: {'; '.join(load.lines[-3:])}")
            published += json.loads(output)["published"]
            say(f"    {published:,} readings")
        hub.end(signal.SIGKILL)
        begin = time.monotonic()
        hub.start()
        took = (time.monotonic() - begin) * 1_000
        report = hub.watched.wait_for("restored .*", 5).group(0)
    say(f"    {report}")
    return [Line("recovery", f"kill -9 with {published:,} readings of 5,000 series, to ready", "ms", {"hub": took},
                 "at most 1,000", took <= 1_000)]
