"""The readings that the stores are compared with: made by a seeded generator, the same in every run but for the day."""

import csv
import gzip
import os
import random
import re
import time

HOUR = 3_600_000
DAY = 24 * HOUR
# What is expected of real series, by what their file's name has in it: a group, and bytes a reading.
GROUPS = (
    ("temp_in", "temperature", 0.5), ("co2", "co2", 1.5), ("rel_humidity", "humidity", 1.5), ("kwh", "counter", 1.2),
    ("power_w", "averages", 7), ("lpm", "averages", 7), ("nab_", "averages", 7))


class Series:
    """One device with one metric, a reading every `interval` milliseconds, `count` of them up to `end`."""

    def __init__(self, device, interval, count, end):
        self.device = device
        self.interval = interval
        self.count = count
        self.start = end - interval * count

    def lines(self):
        """InfluxDB line protocol, times in milliseconds: a temperature that wanders in hundredths."""
        generator = random.Random(self.device)
        value = generator.randint(1_500, 2_500)
        for number in range(self.count):
            value += generator.choice((-3, -2, -1, 0, 0, 0, 0, 1, 2, 3))
            yield f"reading,device={self.device} temperature={value / 100} {self.start + number * self.interval}\n"


class StoreData:
    """320 series with 1.08 million readings that end with the last full hour."""

    def __init__(self):
        self.end = int(time.time() * 1_000) // HOUR * HOUR
        self.raw = Series("raw", 10_000, 8_640, self.end)
        self.mean = Series("mean", 10_000, 35_000, self.end)
        self.fleet = [Series(f"fleet-{number}", 300_000, 8_640, self.end) for number in range(87)]
        others = [Series(f"other-{number}", 60_000, 1_232, self.end) for number in range(231)]
        self.series = [self.raw, self.mean, *self.fleet, *others]
        self.readings = sum(series.count for series in self.series)

    def write(self, path):
        with open(path, "w") as file:
            for series in self.series:
                file.writelines(series.lines())


class SeriesFile:
    """A file in line protocol, how many readings it has, and of real series the device, and the group and its bound."""

    def __init__(self, path, readings, device=None, group=None):
        self.path = path
        self.readings = readings
        self.device = device
        self.group = group

    @property
    def is_real(self):
        return self.device is not None


def generated_file(folder):
    data = StoreData()
    path = os.path.join(folder, "generated.lp")
    data.write(path)
    return SeriesFile(path, data.readings)


def real_files(source, folder):
    """Real series, written so that their last reading is of yesterday, and none is too old or in the future."""
    newest = int(time.time() * 1_000) - DAY
    files = []
    for name in sorted(os.listdir(source)):
        if not name.endswith(".csv.gz"):
            continue
        with gzip.open(os.path.join(source, name), "rt", newline="") as file:
            readings = [(int(line[0]), line[1]) for line in list(csv.reader(file))[1:]]
        times = {time for time, _ in readings}
        shift = newest - max(times)
        device = re.sub(r"[^A-Za-z0-9_-]", "-", name[: -len(".csv.gz")])
        path = os.path.join(folder, f"{device}.lp")
        with open(path, "w") as target:
            target.writelines(f"reading,device={device} value={value} {time + shift}\n" for time, value in readings)
        group = next(((group, most) for part, group, most in GROUPS if part in name.lower()), None)
        files.append(SeriesFile(path, len(times), device, group))
    return files
