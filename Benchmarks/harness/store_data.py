"""The readings that the stores are compared with: made by a seeded generator, the same in every run but for the day."""

import random
import time

HOUR = 3_600_000
DAY = 24 * HOUR


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
