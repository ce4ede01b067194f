"""The servers that are compared. Each is started afresh for each measurement, on loopback ports the kernel chose."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

from .processes import BenchmarkError, Watched, free_port


class Server:
    """A running server with a folder of its own, used in a `with` statement."""

    name = ""

    def __init__(self, tools, low_latency=False, has_subscribers=False):
        self.tools = tools
        self.low_latency = low_latency
        self.has_subscribers = has_subscribers
        self.folder = tempfile.mkdtemp(prefix="telemetry-hub-bench-")
        self.watched = None
        self.port = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.watched:
            self.watched.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        raise NotImplementedError

    @property
    def pid(self):
        return self.watched.pid

    def check_stored(self, readings):
        """A complaint where the server should have stored `readings` and did not; else None."""
        return None

    def check_durable(self, readings):
        """A complaint where the server should have `readings` on disk and has not; else None."""
        return None


class Hub(Server):
    name = "hub"

    def start(self):
        self.watched = Watched([
            self.tools.binary("telemetry-hub"), "serve", "--mqtt-listen", "127.0.0.1:0", "--http-listen", "127.0.0.1:0",
            "--data-dir", os.path.join(self.folder, "data"), *self.tools.hub_options])
        found = self.watched.wait_for(r"listening mqtt=\S+:(\d+) http=(\S+:\d+)", 15)
        self.port = int(found.group(1))
        self.http = found.group(2)

    def metric(self, name):
        """The value of a counter or gauge of the hub's own, summed over its labels."""
        with urllib.request.urlopen(f"http://{self.http}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        values = re.findall(rf"^{name}(?:\{{[^}}]*\}})? ([0-9.e+]+)", text, re.MULTILINE)
        if not values:
            raise BenchmarkError(f"the hub's /metrics has no {name}")
        return round(sum(float(value) for value in values))

    def check_stored(self, readings):
        for name in ("telemetry_hub_readings_total", "telemetry_hub_readings_stored"):
            deadline = time.monotonic() + 2
            while (found := self.metric(name)) != readings and time.monotonic() < deadline:
                time.sleep(0.05)
            if found != readings:
                return f"{name} is {found:,} after {readings:,} readings"
        return None

    def check_durable(self, readings):
        """Kills it, starts another one with its data, and counts what that has."""
        self.watched.end(signal.SIGKILL)
        self.start()
        found = self.metric("telemetry_hub_readings_stored")
        return None if found == readings else f"{found:,} readings are left of {readings:,} after kill -9"


class Mosquitto(Server):
    name = "mosquitto"

    def configuration(self):
        # The default of set_tcp_nodelay lets the kernel gather acknowledgements, which is faster; alone it costs latency.
        return (f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type error\n"
                f"set_tcp_nodelay {'true' if self.low_latency else 'false'}\n")

    def start(self):
        self.port = free_port()
        configuration = os.path.join(self.folder, "mosquitto.conf")
        with open(configuration, "w") as file:
            file.write(self.configuration())
        self.watched = Watched([self.tools.mosquitto, "-c", configuration])
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self.watched.is_over or time.monotonic() > deadline:
                    raise BenchmarkError("mosquitto does not start: " + "; ".join(self.watched.lines)) from None
                time.sleep(0.05)


class NATS(Server):
    """NATS speaks MQTT 3.1.1 at QoS 0 and 1. What is published at QoS 1 it stores, here in memory, subscribed or not."""

    name = "nats"
    MEMORY = "/dev/shm"

    def start(self):
        self.port = free_port()
        self.store = tempfile.mkdtemp(
            prefix="telemetry-hub-bench-", dir=self.MEMORY if os.path.isdir(self.MEMORY) else self.folder)
        configuration = os.path.join(self.folder, "nats.conf")
        with open(configuration, "w") as file:
            # Its MQTT needs a name of the server and JetStream.
            file.write(f'server_name: bench\nlisten: "127.0.0.1:-1"\njetstream {{ store_dir: "{self.store}" }}\n'
                       f'mqtt {{ listen: "127.0.0.1:{self.port}" }}\n')
        self.watched = Watched([self.tools.nats, "-c", configuration])
        self.watched.wait_for("Server is ready", 15)

    def __exit__(self, *details):
        super().__exit__(*details)
        shutil.rmtree(getattr(self, "store", ""), ignore_errors=True)


class BareSink(Server):
    """Two event loops that drop everything; for rows with subscribers one that passes it on."""

    name = "sink"

    def start(self):
        self.watched = Watched([self.tools.binary("bare-sink"), *(["--fan-out"] if self.has_subscribers else [])])
        self.port = int(self.watched.wait_for(r"listening mqtt=\S+:(\d+)", 15).group(1))


class Tools:
    """Where the programs are."""

    def __init__(self, folder, mosquitto, nats, hub_options):
        self.folder = folder
        self.mosquitto = mosquitto
        self.nats = nats
        self.hub_options = hub_options

    def binary(self, name):
        path = os.path.join(self.folder, name)
        if not os.access(path, os.X_OK):
            raise BenchmarkError(f"there is no {path}; build it with: swift build -c release")
        return path

    def check(self, servers):
        """Complains about what is missing before anything is measured."""
        for name in ("fleet-simulator", "publish-latency", "mqtt-load"):
            self.binary(name)
        if Hub.name in servers:
            self.binary("telemetry-hub")
        if BareSink.name in servers:
            self.binary("bare-sink")
        for name, path, package in (
                (Mosquitto.name, self.mosquitto, "mosquitto"), (NATS.name, self.nats, "nats-server")):
            if name in servers and not os.access(path, os.X_OK):
                raise BenchmarkError(f"there is no {path}; install it with: apt-get install {package}")

    def versions(self, servers):
        """What is compared with, in words."""
        texts = []
        if Mosquitto.name in servers:
            texts.append(f"Mosquitto {self.version(self.mosquitto, '-h', 'mosquitto version')}")
        if NATS.name in servers:
            texts.append(f"NATS {self.version(self.nats, '-v', 'nats-server: v')}")
        return ", ".join(texts) or "no peer"

    @staticmethod
    def version(program, option, word):
        answer = subprocess.run([program, option], capture_output=True, text=True, check=False)
        found = re.search(rf"{word} ?(\S+)", answer.stdout + answer.stderr)
        return found.group(1) if found else "unknown"
