"""Telemetry from many devices, with nobody subscribed: `fleet-simulator`, and `mqtt-load` at QoS 2."""

import json
import signal
import time

from .loads import load_result
from .measurement import Limit, Row, Sample
from .processes import BenchmarkError, Watched, cpu_seconds, resident_kib


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
        return Sample({"messages/s": result["rate"]}, server.check_stored(result["readings"]))
    return measure


def throughput_qos2(connections, seconds):
    def measure(tools, server):
        result = load_result(tools, server, "publish", "--qos", "2", "--publishers", connections, "--topics", connections,
                             "--telemetry", "--seconds", seconds, seconds=seconds)
        return Sample({"messages/s": result["rate"]}, server.check_stored(result["published"]), result["generator_cpu"])
    return measure


def durable(connections, seconds):
    """What was acknowledged has to be there after the server is killed, where it promises that."""
    def measure(tools, server):
        result = load_result(tools, server, "publish", "--qos", "1", "--publishers", connections, "--topics", connections,
                             "--in-flight", 100, "--telemetry", "--seconds", seconds, seconds=seconds)
        complaint = server.check_stored(result["published"]) or server.check_durable(result["published"])
        return Sample({"messages/s": result["rate"]}, complaint, result["generator_cpu"])
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
        return Sample({"CPU s/100,000": (after[0] - before[0]) / (after[1] - before[1]) * 100_000})
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
        return Sample({"KiB/connection": (after - before) / connections})
    return measure


def publish_rows(seconds):
    rows = [
        Row(f"publish-qos{qos}-{connections}", f"publish at QoS {qos}, {connections} connections",
            {"messages/s": Limit(at_least=4, of_nats=1)}, throughput(qos, connections, seconds))
        for qos in (0, 1) for connections in (10, 100)
    ]
    return rows + [
        Row(f"publish-qos2-{connections}", f"publish at QoS 2, {connections} connections",
            {"messages/s": Limit(at_least=4)}, throughput_qos2(connections, seconds), servers=("hub", "mosquitto"))
        for connections in (10, 100)
    ]


def durable_rows(seconds):
    return [
        Row("durable-qos1", "publish at QoS 1, 100 connections, all of it there after kill -9",
            {"messages/s": Limit(at_least=4)}, durable(100, seconds), servers=("hub", "mosquitto"))]


def cost_rows(quick):
    rows = [
        Row(f"cpu-qos{qos}", f"CPU at QoS {qos}, 1,000 connections, 10 messages/s each",
            {"CPU s/100,000": Limit(at_most=1.2)}, cpu(qos, 1_000, 10_000, 3 if quick else 10))
        for qos in (0, 1)
    ]
    return rows + [
        Row(f"idle-{connections}", f"resident memory, {connections:,} idle connections",
            {"KiB/connection": Limit(at_most=5, of_peer=False)}, idle_memory(connections))
        for connections in (1_000, 10_000)
    ]


def simulator_rows(seconds):
    return [
        Row(f"simulator-qos{qos}", f"the simulator against a bare sink at QoS {qos}, 100 connections",
            {"messages/s": Limit(at_least=1_500_000, of_peer=False)}, throughput(qos, 100, seconds), servers=("sink",))
        for qos in (0, 1)
    ]
