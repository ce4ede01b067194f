"""Where the programs are that the benchmark of stores needs."""

import os
import subprocess

from .processes import BenchmarkError
from .servers import Mosquitto, Tools
from .stores import InfluxDB, VictoriaMetrics

PEERS = {VictoriaMetrics.name: VictoriaMetrics, InfluxDB.name: InfluxDB}
PROGRAMS = ("telemetry-hub", "http-latency", "bare-http", "publish-latency", "mqtt-load", "influx-bridge")


class StoreTools(Tools):
    victoria_metrics = "/usr/bin/victoria-metrics"
    influxd = "/usr/bin/influxd"

    def __init__(self, folder):
        # All readings of the stack's load can be counted: none makes room for another.
        super().__init__(folder, "/usr/sbin/mosquitto", "", ["--memory", "2GiB"])

    def check(self, rows, peers):
        """Complains about what is missing before anything is measured."""
        for name in PROGRAMS:
            self.binary(name)
        needed = {name for name in peers} | ({Mosquitto.name, VictoriaMetrics.name} if "stack" in rows else set())
        for name, path in ((VictoriaMetrics.name, self.victoria_metrics), (InfluxDB.name, self.influxd),
                           (Mosquitto.name, self.mosquitto)):
            if name in needed and not os.access(path, os.X_OK):
                raise BenchmarkError(f"there is no {path}; install it with: apt-get install {name}")

    def versions(self, peers):
        """What is compared with, in words. Debian's VictoriaMetrics does not know its own version; its package does."""
        return ", ".join(f"{name} {self.package_version(name)}" for name in (*peers, Mosquitto.name))

    @staticmethod
    def package_version(package):
        try:
            answer = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True,
                                    check=False)
        except FileNotFoundError:
            return "unknown"
        return answer.stdout or "unknown"
