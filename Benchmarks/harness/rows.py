"""The measurements. Each row measures one server once and returns its figures by name."""

import json
import signal
import time

from .processes import BenchmarkError, Watched, cpu_seconds, resident_kib


class Limit:
    """What a figure is expected to be: a ratio to Mosquitto's, or a bound of its own."""

    def __init__(self, at_least=None, at_most=None, of_peer=True):
        self.at_least = at_least
        self.at_most = at_most
        self.of_peer = of_peer

    def holds(self, value, ratio):
        judged = ratio if self.of_peer else value
        if judged is None:
            return None
        return judged >= self.at_least if self.at_least is not None else judged <= self.at_most

    def __str__(self):
        sign, number = ("at least", self.at_least) if self.at_least is not None else ("at most", self.at_most)
        return f"{sign} {number:,}{'x' if self.of_peer else ''}"


class Row:
    """One measurement: a name for `--rows`, a title, and for each figure its unit and limit."""

    def __init__(self, name, title, figures, measure, low_latency=False, servers=("hub", "mosquitto")):
        self.name = name
        self.title = title
        self.figures = figures
        self.measure = measure
        self.low_latency = low_latency
        self.servers = servers


def simulate(tools, server, *options):
    """Starts the simulator against `server`."""
    return Watched([tools.binary("fleet-simulator"), "--hub", f"127.0.0.1:{server.port}", "--metrics", "1", "--json",
                    *options])


def result_of(simulator, seconds):
    """The simulator's result; every message must have been taken."""
    code, output = simulator.finish(seconds)
    if code != 0:
        raise BenchmarkError(f"fleet-simulator ended with {code}: {output} {'; '.join(simulator.lines[-5:])}")
    return json.loads(output)


def throughput(qos, connections, seconds):
    def measure(tools, server):
        simulator = simulate(tools, server, "--qos", str(qos), "--devices", str(connections), "--rate", "max",
                             "--duration", f"{seconds}s")
        result = result_of(simulator, seconds + 90)
        complaint = server.check_stored(result["readings"])
        return {"messages/s": result["rate"]}, complaint
    return measure


def cpu_sample(simulator, server, seconds):
    """The server's CPU seconds and the messages sent, at the simulator's next line about sending."""
    found = simulator.wait_for(r"sent ([\d,]+)", seconds, only_new=True)
    return cpu_seconds(server.pid), int(found.group(1).replace(",", ""))


def cpu(qos, connections, rate, seconds):
    def measure(tools, server):
        simulator = simulate(tools, server, "--qos", str(qos), "--devices", str(connections), "--rate", str(rate),
                             "--duration", f"{seconds + 2}s")
        try:
            # Connecting is not what is measured: the first progress line of the sending is the beginning.
            before = cpu_sample(simulator, server, 60)
            time.sleep(seconds)
            after = cpu_sample(simulator, server, 5)
        finally:
            simulator.end(signal.SIGINT)
        return {"CPU s/100,000": (after[0] - before[0]) / (after[1] - before[1]) * 100_000}, None
    return measure


def idle_memory(connections):
    def measure(tools, server):
        before = resident_kib(server.pid)
        simulator = simulate(tools, server, "--idle", "--devices", str(connections))
        try:
            simulator.wait_for(rf"holding {connections} idle connections", 120)
            time.sleep(2)
            after = resident_kib(server.pid)
        finally:
            simulator.end(signal.SIGINT)
        return {"KiB/connection": (after - before) / connections}, None
    return measure


def latency(qos, seconds):
    def measure(tools, server):
        probe = Watched([tools.binary("publish-latency"), "--port", str(server.port), "--qos", str(qos),
                         "--rate", "1000", "--seconds", str(seconds), "--warm-up", "1000"])
        code, output = probe.finish(seconds + 30)
        if code != 0:
            raise BenchmarkError(f"publish-latency ended with {code}: {output} {'; '.join(probe.lines[-5:])}")
        result = json.loads(output)
        return {"p50 us": result["p50_us"], "p99 us": result["p99_us"]}, None
    return measure


def all_rows(quick):
    """Every row, the quick ones with a third of the time."""
    seconds = 1 if quick else 3
    rows = [
        Row(f"publish-qos{qos}-{connections}", f"publish at QoS {qos}, {connections} connections",
            {"messages/s": Limit(at_least=4 if qos == 0 else 6)}, throughput(qos, connections, seconds))
        for qos in (0, 1) for connections in (10, 100)
    ]
    rows += [
        Row(f"cpu-qos{qos}", f"CPU at QoS {qos}, 1,000 connections, 10 messages/s each",
            {"CPU s/100,000": Limit(at_most=1.3)}, cpu(qos, 1_000, 10_000, 3 if quick else 10))
        for qos in (0, 1)
    ]
    rows += [
        Row(f"idle-{connections}", f"resident memory, {connections:,} idle connections",
            {"KiB/connection": Limit(at_most=6, of_peer=False)}, idle_memory(connections))
        for connections in (1_000, 10_000)
    ]
    rows += [
        Row(f"latency-qos{qos}", f"publish to subscriber at QoS {qos}, 1,000 messages/s",
            {"p50 us": Limit(at_most=1.25), "p99 us": Limit(at_most=1.5)}, latency(qos, 3 if quick else 10),
            low_latency=True)
        for qos in (0, 1)
    ]
    rows += [
        Row(f"simulator-qos{qos}", f"the simulator against a bare sink at QoS {qos}, 100 connections",
            {"messages/s": Limit(at_least=1_500_000, of_peer=False)}, throughput(qos, 100, seconds), servers=("sink",))
        for qos in (0, 1)
    ]
    return rows
