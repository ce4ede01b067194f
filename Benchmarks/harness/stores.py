"""The stores that are compared, each with its way of being loaded and asked."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import types
import urllib.error
import urllib.parse
import urllib.request

from .processes import BenchmarkError, Watched, free_port, resident_kib

LINES_OF_POST = 10_000


class Store:
    """A running store with a folder of its own, used in a `with` statement."""

    name = ""
    program = ""

    def __init__(self, tools):
        self.tools = tools
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
        self.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def end(self, with_signal=signal.SIGTERM):
        if self.watched:
            self.watched.end(with_signal)
        self.watched = None

    def command(self):
        raise NotImplementedError

    def launch(self):
        """Starts it, the second time on the port of the first."""
        self.port = self.port or free_port()
        self.watched = Watched(self.command())

    def start(self):
        """Starts it and waits until it answers."""
        self.launch()
        self.wait_until_ready(30)

    def wait_until_ready(self, seconds):
        deadline = time.monotonic() + seconds
        while not self.answers(self.ready_path):
            if self.watched.is_over or time.monotonic() > deadline:
                raise BenchmarkError(f"{self.name} does not start: " + "; ".join(self.watched.lines[-5:]))
            time.sleep(0.001)

    def answers(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
                return answer.status < 300
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def answers_rows(self, path):
        """Whether it answers with readings, rather than that it has none yet."""
        try:
            return self.rows(self.get(path)) > 0
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return answer.read()

    def post_lines(self, path, file_name):
        """Posts a file in parts."""
        with open(file_name, "rb") as file:
            while lines := [line for _, line in zip(range(LINES_OF_POST), file)]:
                request = urllib.request.Request(
                    f"http://127.0.0.1:{self.port}{path}", data=b"".join(lines), method="POST")
                with urllib.request.urlopen(request, timeout=60) as answer:
                    answer.read()

    @property
    def resident(self):
        """MB."""
        return resident_kib(self.watched.pid) * 1024 / 1e6


class HubStore(Store):
    name = "hub"
    ready_path = "/readyz"

    def __init__(self, tools, *options):
        super().__init__(tools)
        self.options = options
        # Where a load finds it.
        self.door = types.SimpleNamespace(port=free_port())

    @property
    def socket(self):
        return os.path.join(self.folder, "admin.sock")

    @property
    def data(self):
        return os.path.join(self.folder, "data")

    def command(self):
        return [self.tools.binary("telemetry-hub"), "serve", "--mqtt-listen", f"127.0.0.1:{self.door.port}", "--http-listen",
                f"127.0.0.1:{self.port}", "--data-dir", self.data, "--http-admin-socket", self.socket, *self.options]

    def load(self, file_name, precision="ms"):
        command = [self.tools.binary("telemetry-hub"), "import", "--format", "influx", "--precision", precision, "--strict",
                   "--data-dir", self.data, "--http-admin-socket", self.socket, file_name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchmarkError(f"telemetry-hub import ended with {done.returncode}: {done.stderr[-500:]}")

    def metric(self, name):
        values = re.findall(rf"^{name}(?:\{{[^}}]*\}})? ([0-9.e+]+)", self.get("/metrics").decode(), re.MULTILINE)
        if not values:
            raise BenchmarkError(f"the hub's /metrics has no {name}")
        return round(sum(float(value) for value in values))

    def backup(self, path):
        """The size of a copy without free pages."""
        command = [self.tools.binary("telemetry-hub"), "backup", "--data-dir", self.data, "--http-admin-socket",
                   self.socket, path]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchmarkError(f"telemetry-hub backup ended with {done.returncode}: {done.stderr[-500:]}")
        return os.path.getsize(path)

    def readings(self, device, start, end, **parameters):
        return "/v1/readings?" + urllib.parse.urlencode(
            {"device": device, "from": start, "to": end, "format": "columns", "limit": 100_000, **parameters})

    def latest(self, series):
        return f"/v1/latest?device={series.device}"

    def raw(self, series, end):
        return [self.readings(series.device, series.start, end)]

    def means(self, series, end, is_cached=False):
        return self.readings(series.device, series.start, end, every="5m", agg="mean")

    def maxima(self, start, end, is_cached=False):
        return self.readings("fleet-*", start, end, every="1h", agg="max")

    def rows(self, body):
        values = (series["value"] for series in json.loads(body))
        return sum(len(value) if isinstance(value, list) else 1 for value in values)


class VictoriaMetrics(Store):
    """Asked a window query again, it would answer from the results that it keeps, unless it is told not to."""

    name = "victoria-metrics"
    ready_path = "/health"

    @property
    def data(self):
        return os.path.join(self.folder, "data")

    def command(self):
        return [self.tools.victoria_metrics, f"-httpListenAddr=127.0.0.1:{self.port}",
                f"-storageDataPath={self.data}", "-retentionPeriod=100y", "-loggerLevel=ERROR"]

    def load(self, file_name):
        self.post_lines("/write?precision=ms", file_name)
        self.flush()

    def flush(self):
        """Has it show what it took."""
        self.get("/internal/force_flush")

    def query(self, text, at):
        return json.loads(self.get(self.query_path(text, at)))

    @staticmethod
    def query_path(text, at):
        return "/api/v1/query?" + urllib.parse.urlencode({"query": text, "time": at})

    @staticmethod
    def of(series):
        return f'reading_temperature{{device="{series.device}"}}'

    def latest(self, series):
        return self.query_path(self.of(series), (series.start + series.interval * (series.count - 1)) / 1_000)

    def raw(self, series, end):
        """Its three ways to give readings as they are: an export, a range of a moment, a range in steps of theirs."""
        seconds = (end - series.start) // 1_000
        step = series.interval // 1_000
        return [
            "/api/v1/export?" + urllib.parse.urlencode(
                {"match[]": self.of(series), "start": series.start / 1_000, "end": (end - 1) / 1_000}),
            # A range does not have its first moment in it, and has its last.
            self.query_path(f"{self.of(series)}[{seconds}s]", (end - 1) / 1_000),
            self.range_path(self.of(series), series.start, end - step * 1_000, step, False),
        ]

    @staticmethod
    def range_path(query, start, end, step, is_cached):
        parameters = {"query": query, "start": start / 1_000, "end": end / 1_000, "step": f"{step}s"}
        return "/api/v1/query_range?" + urllib.parse.urlencode(parameters | ({} if is_cached else {"nocache": 1}))

    def windows(self, function, selector, step, start, end, is_cached):
        # A point stands for what came before it, those of the hub for what comes behind.
        return self.range_path(f"{function}(reading_temperature{{{selector}}}[{step // 1_000}s])",
                               start + step, end + step - 1, step // 1_000, is_cached)

    def means(self, series, end, is_cached=False):
        return self.windows("avg_over_time", f'device="{series.device}"', 300_000, series.start // 300_000 * 300_000, end,
                            is_cached)

    def maxima(self, start, end, is_cached=False):
        return self.windows("max_over_time", 'device=~"fleet-.*"', 3_600_000, start, end, is_cached)

    def rows(self, body):
        if body.startswith(b'{"metric"'):
            return sum(len(json.loads(line)["values"]) for line in body.splitlines())
        return sum(len(series.get("values", [0])) for series in json.loads(body)["data"]["result"])


class InfluxDB(Store):
    name = "influxdb"
    ready_path = "/ping"

    def command(self):
        configuration = os.path.join(self.folder, "influxdb.conf")
        with open(configuration, "w") as file:
            file.write(f"""reporting-disabled = true
bind-address = "127.0.0.1:{free_port()}"
[meta]
dir = "{self.folder}/meta"
[data]
dir = "{self.folder}/data"
wal-dir = "{self.folder}/wal"
query-log-enabled = false
[http]
bind-address = "127.0.0.1:{self.port}"
log-enabled = false
[monitor]
store-enabled = false
[logging]
level = "error"
""")
        return [self.tools.influxd, "run", "-config", configuration]

    def load(self, file_name):
        query = urllib.parse.urlencode({"q": "CREATE DATABASE bench"})
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/query?{query}", data=b"", method="POST")
        urllib.request.urlopen(request, timeout=30).read()
        self.post_lines("/write?db=bench&precision=ms", file_name)

    def query(self, text):
        return "/query?" + urllib.parse.urlencode({"db": "bench", "epoch": "ms", "q": text})

    @staticmethod
    def between(start, end):
        return f"time >= {start}ms AND time < {end}ms"

    def latest(self, series):
        return self.query(f"SELECT last(temperature) FROM reading WHERE device = '{series.device}'")

    def raw(self, series, end):
        return [self.query(f"SELECT temperature FROM reading WHERE device = '{series.device}' AND "
                           + self.between(series.start, end))]

    def means(self, series, end, is_cached=False):
        return self.query(f"SELECT mean(temperature) FROM reading WHERE device = '{series.device}' AND "
                          f"{self.between(series.start, end)} GROUP BY time(5m)")

    def maxima(self, start, end, is_cached=False):
        return self.query(f"SELECT max(temperature) FROM reading WHERE device =~ /^fleet-/ AND {self.between(start, end)} "
                          "GROUP BY time(1h), device")

    def rows(self, body):
        return sum(len(series["values"]) for series in json.loads(body)["results"][0].get("series", []))
