"""Bytes that a reading takes: in memory, in chunks, and in the file, beside VictoriaMetrics' files of the same."""

import contextlib
import os
import sqlite3
import tempfile

from .processes import BenchmarkError
from .store_line import Line, bounded
from .stores import HubStore, VictoriaMetrics

FIGURE = "bytes/reading"
CHUNKS_OF_ALL = 2.2
FILE_OF_ALL = 1.5


def folder_bytes(folder):
    return sum(os.path.getsize(os.path.join(path, name)) for path, _, names in os.walk(folder) for name in names)


class Stored:
    """What a stopped hub's file holds."""

    def __init__(self, data):
        path = os.path.join(data, "hub.db")
        # A hub that was stopped leaves everything in chunks, and no log.
        self.file = folder_bytes(data)
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
            self.chunks = {device: (count, size) for device, count, size in file.execute(
                "SELECT device, sum(count), sum(length(data)) FROM chunks JOIN series ON series = id GROUP BY device")}
            self.rollups = file.execute("SELECT total(length(data)) FROM rollups").fetchone()[0]

    @property
    def chunk_bytes(self):
        return sum(size for _, size in self.chunks.values())


def hub_stores(tools, path):
    """Bytes and readings in memory, what the file holds, and the bytes of a backup."""
    with HubStore(tools, "--retention", "3650d") as hub:
        hub.load(path)
        memory = hub.metric("telemetry_hub_ring_bytes"), hub.metric("telemetry_hub_readings_stored")
        hub.end()
        stored = Stored(hub.data)
        backup = hub.backup(os.path.join(hub.folder, "copy.db"))
        return memory, stored, backup


def peer_bytes(tools, path):
    """Bytes of VictoriaMetrics' readings alone, and of all its files."""
    with VictoriaMetrics(tools) as peer:
        peer.load(path)
        peer.end()
        return folder_bytes(os.path.join(peer.data, "data")), folder_bytes(peer.data)


def bytes_lines(tools, kind, files, peers, say):
    """What `files` in line protocol take, all in one store; `kind` says in the rows' names what they hold."""
    readings = sum(file.readings for file in files)
    with tempfile.NamedTemporaryFile("w", suffix=".lp") as everything:
        for file in files:
            with open(file.path) as source:
                everything.writelines(source)
        everything.flush()
        memory, stored, backup = hub_stores(tools, everything.name)
        peer = peer_bytes(tools, everything.name) if VictoriaMetrics.name in peers else None
    found = sum(count for count, _ in stored.chunks.values())
    if found != readings:
        raise BenchmarkError(f"{found:,} of {readings:,} readings are in chunks")

    def samples(bytes_of_hub, bytes_of_peer, count=readings):
        values = {"hub": [bytes_of_hub / count]}
        return values | {VictoriaMetrics.name: [bytes_of_peer / count]} if bytes_of_peer is not None else values

    data, folder = peer or (None, None)
    what = f"{readings:,} readings of {len(stored.chunks)} series"
    lines = [
        bounded(f"bytes-{kind}-chunks", f"{what}, in chunks", FIGURE, samples(stored.chunk_bytes, data), CHUNKS_OF_ALL),
        Line(f"bytes-{kind}-rollups", f"{what}, their rollups", FIGURE, samples(stored.rollups, None)),
        bounded(f"bytes-{kind}-file", f"{what}, all files of a stopped store", FIGURE, samples(stored.file, folder),
                FILE_OF_ALL),
        Line(f"bytes-{kind}-backup", f"{what}, a backup", FIGURE, samples(backup, None)),
        Line(f"bytes-{kind}-memory", f"{what}, what of them is in memory", FIGURE, samples(memory[0], None, memory[1])),
    ]
    return lines + group_lines(files, stored, samples) + series_lines(tools, files, stored, peer, samples, say)


def group_lines(files, stored, samples):
    """Series of one kind together, where something is expected of them."""
    totals = {}
    for file in files:
        if file.group:
            total = totals.setdefault(file.group, [0, 0])
            total[0] += file.readings
            total[1] += stored.chunks[file.device][1]
    return [
        bounded(f"bytes-{name}", f"{count:,} readings together, in chunks", FIGURE, samples(size, None, count), most)
        for (name, most), (count, size) in totals.items()]


def series_lines(tools, files, stored, peer, samples, say):
    """Each real series; VictoriaMetrics holds it alone for this, as its files do not tell one from another."""
    lines = []
    for file in files:
        if not file.is_real:
            continue
        data = peer_bytes(tools, file.path)[0] if peer else None
        line = Line(f"bytes-{file.device}", f"{file.readings:,} readings, in chunks", FIGURE,
                    samples(stored.chunks[file.device][1], data, file.readings))
        say("    " + file.device + ": " + ", ".join(f"{name} {value:.2f}" for name, value in line.values.items()))
        lines.append(line)
    return lines
