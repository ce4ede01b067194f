"""How long a store takes to start with readings, after a stop and after a kill."""

import json
import signal
import time
import urllib.parse

from .loads import load_result
from .processes import BenchmarkError
from .store_line import Line, bounded
from .stores import HubStore

RECOVERED = 10_000_000
SERIES = 5_000


def start_time(store, path, with_signal):
    """Milliseconds from the start of the process until it answers with a reading."""
    store.end(with_signal)
    begin = time.monotonic()
    store.launch()
    while not store.answers_rows(path):
        if store.watched.is_over or time.monotonic() > begin + 60:
            raise BenchmarkError(f"{store.name} does not start again: {'; '.join(store.watched.lines[-5:])}")
        time.sleep(0.0005)
    return (time.monotonic() - begin) * 1_000


def restart_line(row, stores, data, runs, with_signal, say):
    say(f"{row}:")
    what = "kill -9" if with_signal == signal.SIGKILL else "a stop"
    samples = {store.name: [] for store in stores}
    for run in range(runs):
        for store in stores if run % 2 == 0 else reversed(stores):
            samples[store.name].append(start_time(store, store.latest(data.raw), with_signal))
    for name, found in samples.items():
        say(f"    {name}: " + ", ".join(f"{took:.0f} ms" for took in found))
    return bounded(
        row, f"start after {what} with {data.readings / 1e6:.2f} M readings, to the first answer", "ms", samples, 50)


def count_of(hub):
    """Readings of the load's devices, in memory and on disk."""
    parameters = {"device": "load-*", "from": "-2d", "to": "+1d", "every": "1d", "agg": "count", "format": "columns",
                  "limit": 100_000}
    answer = json.loads(hub.get("/v1/readings?" + urllib.parse.urlencode(parameters)))
    return sum(sum(series["value"]) for series in answer)


def recovery_line(tools, say):
    """10 million readings of 5,000 series; kill -9 behind the last acknowledgement; the time until it is ready."""
    with HubStore(tools) as hub:
        published = 0
        while published < RECOVERED:
            published += load_result(
                tools, hub.door, "publish", "--qos", "1", "--publishers", SERIES, "--topics", SERIES, "--telemetry",
                "--in-flight", 20, "--seconds", 4, seconds=60)["published"]
            say(f"    {published:,} readings")
        hub.end(signal.SIGKILL)
        begin = time.monotonic()
        hub.start()
        took = (time.monotonic() - begin) * 1_000
        say(f"    {hub.watched.wait_for('restored .*', 5).group(0)}")
        found = count_of(hub)
    if found != published:
        raise BenchmarkError(f"{found:,} readings are there after the kill, {published:,} were acknowledged")
    return bounded("recovery", f"kill -9 with {published:,} readings of {SERIES:,} series, to ready", "ms",
                   {"hub": [took]}, 1_000)
