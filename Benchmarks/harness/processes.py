"""Processes that a benchmark starts, watches and ends, and what Linux tells about them."""

import os
import re
import signal
import socket
import subprocess
import threading
import time


class BenchmarkError(Exception):
    """Something that keeps a measurement from being made, in words for a person."""


def free_port():
    """A port of 127.0.0.1 that the kernel says is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Watched:
    """A process whose lines on the standard error are kept, and can be waited for."""

    KEPT_LINES = 200

    def __init__(self, command):
        self.name = os.path.basename(command[0])
        self.lines = []
        self.line_count = 0
        self.changed = threading.Condition()
        self.is_over = False
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.output = []
        self.readers = [
            threading.Thread(target=self._read_errors, daemon=True),
            threading.Thread(target=self._read_output, daemon=True),
        ]
        for reader in self.readers:
            reader.start()

    @property
    def pid(self):
        return self.process.pid

    def _read_errors(self):
        for line in self.process.stderr:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.line_count += 1
                del self.lines[: -self.KEPT_LINES]
                self.changed.notify_all()
        with self.changed:
            self.is_over = True
            self.changed.notify_all()

    def _read_output(self):
        self.output.extend(self.process.stdout)

    def wait_for(self, pattern, seconds, only_new=False):
        """The match of the first line, or of the first line from now on, that `pattern` fits."""
        deadline = time.monotonic() + seconds
        with self.changed:
            seen = self.line_count if only_new else 0
            while True:
                for line in self._lines_after(seen):
                    found = re.search(pattern, line)
                    if found:
                        return found
                seen = self.line_count
                left = deadline - time.monotonic()
                if self.is_over or left <= 0:
                    why = "ended" if self.is_over else f"did not say so within {seconds} s"
                    last = "; ".join(self.lines[-5:])
                    raise BenchmarkError(f"{self.name} {why} (waited for {pattern}). Its last lines: {last}")
                self.changed.wait(left)

    def _lines_after(self, number):
        new = min(self.line_count - number, len(self.lines))
        return self.lines[len(self.lines) - new:]

    def finish(self, seconds):
        """Waits for its end. Returns the exit code and the standard output."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.end()
            raise BenchmarkError(f"{self.name} did not end within {seconds} s") from None
        for reader in self.readers:
            reader.join(5)
        return code, "".join(self.output)

    def end(self, with_signal=signal.SIGTERM):
        """Ends it, by force if it does not obey within 10 s."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def cpu_seconds(pid):
    """User and system time that the process has taken, of all its threads."""
    with open(f"/proc/{pid}/stat") as file:
        # The second field is the name, which may hold anything, in parentheses.
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_kib(pid):
    """Resident memory of the process in KiB."""
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(r"VmRSS:\s+(\d+) kB", file.read()).group(1))
