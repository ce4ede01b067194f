"""The stack that people build today, Mosquitto, a bridge and VictoriaMetrics, beside the hub alone."""

import json
import os
import time

from .loads import load_result
from .processes import BenchmarkError, Watched, cpu_seconds
from .servers import Hub, Mosquitto
from .store_line import compared
from .stores import VictoriaMetrics

LOAD = ("publish", "--qos", "1", "--publishers", 100, "--topics", 100, "--telemetry", "--in-flight", 100)
DAY_SECONDS = 86_400
DRAIN_SECONDS = 240


class QueueingMosquitto(Mosquitto):
    """One that drops nothing while its subscriber is behind."""

    def configuration(self):
        return super().configuration() + "max_queued_messages 0\nmax_inflight_messages 0\n"


def stored(database):
    """Readings that can be asked for. The range has to begin after 1970, else VictoriaMetrics finds nothing in it."""
    query = "sum(count_over_time(reading_temperature[30d]))"
    # Time stamps run ahead of the clock by as many milliseconds as a device has messages.
    result = database.query(query, time.time() + DAY_SECONDS)["data"]["result"]
    return int(result[0]["value"][1]) if result else 0


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
            # The bridge tells when it has nothing left: asking the database all the time would be work for it.
            bridge.wait_for(rf"^posted {published}$", DRAIN_SECONDS)
            database.flush()
            took = time.monotonic() - begin
            cpu = sum(map(cpu_seconds, pids)) - before
            found = stored(database)
            if found != published:
                raise BenchmarkError(f"the stack has {found:,} of {published:,} readings")
            return published / took, cpu / published * 1e6
        finally:
            bridge.end()


def hub_sample(tools, seconds):
    """The same of the hub alone, whose acknowledgement means that a reading is on disk and can be asked for."""
    with Hub(tools) as hub:
        before = cpu_seconds(hub.pid)
        begin = time.monotonic()
        published = load_result(tools, hub, *LOAD, "--seconds", seconds, seconds=seconds)["published"]
        took = time.monotonic() - begin
        cpu = cpu_seconds(hub.pid) - before
        complaint = hub.check_stored(published)
        if complaint:
            raise BenchmarkError(complaint)
        return published / took, cpu / published * 1e6


def stack_lines(tools, seconds, runs, say):
    rates = {"hub": [], "stack": []}
    costs = {"hub": [], "stack": []}
    for run in range(runs):
        pairs = [("hub", hub_sample), ("stack", stack_sample)]
        for name, sample in pairs if run % 2 == 0 else reversed(pairs):
            rate, cost = sample(tools, seconds)
            say(f"    {name}: {rate:,.0f} readings/s, {cost:.2f} CPU s a million")
            rates[name].append(rate)
            costs[name].append(cost)
    title = "QoS 1 until it can be asked for; the stack is Mosquitto, a C bridge, VictoriaMetrics"
    return [
        compared("stack", title, "readings/s", rates, at_least=15, peer="stack"),
        compared("stack", title, "CPU s/million", costs, at_most=0.1, peer="stack"),
    ]
