"""A hub as a process, on ports that the kernel chose."""

import os
import re
import signal
import subprocess
import tempfile
import threading

START_SECONDS = 20
STOP_SECONDS = 5


class HubError(Exception):
    pass


class Hub:
    """Started when made; `stop` ends it, by its own process identifier, and says what was wrong."""

    # How the names begin that scenarios use.
    namespace = "s"

    def __init__(self, program, options=()):
        self._directory = tempfile.TemporaryDirectory(prefix="telemetry-hub-clients-")
        self._lines = []
        self._ready = threading.Event()
        self.addresses = {}
        command = [
            program, "serve", "--mqtt-listen", "127.0.0.1:0", "--http-listen", "127.0.0.1:0",
            "--websocket-listen", "127.0.0.1:0", "--data-dir", self._directory.name, *options,
        ]
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            errors="replace")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(START_SECONDS) or "mqtt" not in self.addresses:
            self._process.kill()
            self._process.wait()
            raise HubError(f"the hub did not say where it listens:\n{self.log}")

    def _read(self):
        for line in self._process.stderr:
            self._lines.append(line)
            if "listening " in line and not self._ready.is_set():
                found = re.findall(r"\b(mqtt|http|websocket)=(\S+):(\d+)", line)
                self.addresses = {name: (host, int(port)) for name, host, port in found}
                self._ready.set()
        self._ready.set()

    def address(self, transport):
        """Host and port; None where the hub does not listen for that transport."""
        return self.addresses.get("websocket" if transport == "websockets" else "mqtt")

    @property
    def log(self):
        return "".join(self._lines[-60:])

    def stop(self):
        """Asks it to end; returns what is wrong with how it did, or None."""
        ended_before = self._process.poll() is not None
        if not ended_before:
            self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            code = None
        self._reader.join(STOP_SECONDS)
        self._directory.cleanup()
        if ended_before:
            return f"the hub ended by itself with {code}:\n{self.log}"
        if code is None:
            return f"the hub did not end within {STOP_SECONDS} s of SIGTERM:\n{self.log}"
        if code != 0 or re.search("BUG:|Fatal error|Crash", "".join(self._lines)):
            return f"the hub ended with {code}:\n{self.log}"
        return None


class Broker:
    """Another MQTT server that runs already, for looking at a scenario from two sides."""

    def __init__(self, host, port, websocket_port=None):
        # It may keep sessions and retained messages of an earlier run.
        self.namespace = f"s{os.getpid()}-"
        self._addresses = {"tcp": (host, port)}
        if websocket_port:
            self._addresses["websockets"] = (host, websocket_port)

    def address(self, transport):
        return self._addresses.get(transport)

    def stop(self):
        return None
