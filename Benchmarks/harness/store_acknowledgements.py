"""How long an acknowledgement takes, beside what the disk below it takes."""

import json
import os
import tempfile
import time

from .processes import BenchmarkError, Watched
from .store_line import Line, medians
from .stores import HubStore

RATE = 1_000
# Of one fdatasync, as it usually is.
LIMITS = (("p50_us", 0.5, 3), ("p99_us", 0.99, 20))


def file_system(folder):
    """The type of the file system that a folder is on."""
    device = os.stat(folder).st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    with open("/proc/self/mountinfo") as file:
        for line in file:
            fields, _, kind = line.partition(" - ")
            if fields.split()[2] == number:
                return kind.split()[0]
    return "unknown"


def sync_times(folder, count):
    """Microseconds of an fdatasync behind 4 KiB more."""
    times = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(count):
            os.write(file.fileno(), b"x" * 4_096)
            begin = time.perf_counter_ns()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter_ns() - begin) / 1_000)
    return times


def acknowledged(tools, hub, seconds):
    probe = Watched([tools.binary("publish-latency"), "--port", str(hub.door.port), "--qos", "1", "--acknowledged",
                     "--rate", str(RATE), "--seconds", str(seconds), "--warm-up", str(RATE)])
    code, output = probe.finish(seconds + 60)
    if code != 0:
        raise BenchmarkError(f"publish-latency ended with {code}: {output} {'; '.join(probe.lines[-3:])}")
    return json.loads(output)


def acknowledgement_lines(tools, seconds, runs, quick, say):
    found = {figure: [] for figure, _, _ in LIMITS}
    syncs = {figure: [] for figure, _, _ in LIMITS}
    for _ in range(runs):
        with HubStore(tools) as hub:
            kind = file_system(hub.folder)
            if kind in ("tmpfs", "ramfs"):
                raise BenchmarkError(f"{hub.folder} is on {kind}, no disk: set TMPDIR to a folder that is on one")
            # Half before and half behind, so that a disk that others use meets both alike.
            count = 500 if quick else 2_000
            times = sync_times(hub.folder, count)
            result = acknowledged(tools, hub, seconds)
            times = sorted(times + sync_times(hub.folder, count))
        for figure, place, _ in LIMITS:
            found[figure].append(result[figure])
            syncs[figure].append(times[int(len(times) * place)])
        say(f"    PUBACK p50 {result['p50_us']} us, p99 {result['p99_us']} us; fdatasync on {kind} "
            f"p50 {syncs['p50_us'][-1]:.1f} us, p99 {syncs['p99_us'][-1]:.1f} us")
    usual = medians({"fdatasync": syncs["p50_us"]})["fdatasync"]
    lines = []
    for figure, _, most in LIMITS:
        samples = {"hub": found[figure], "fdatasync": syncs[figure]}
        value = medians(samples)["hub"]
        what = f"PUBLISH to PUBACK, {RATE:,}/s ({value / usual:.1f}x the usual fdatasync)"
        lines.append(Line("acknowledged", what, figure, samples, f"at most {most}x fdatasync", value <= most * usual))
    return lines
