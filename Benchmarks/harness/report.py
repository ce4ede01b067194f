"""The table of results."""

import statistics


def number(value):
    """A figure with as many digits as it deserves."""
    if value is None:
        return "-"
    if value >= 1000:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.3f}"


def times(ratio):
    return f"{ratio:.2f}x" if ratio is not None else "-"


class Results:
    """Every figure of every run, by row, server and figure."""

    HEADINGS = ("row", "what", "figure", "hub", "mosquitto", "ratio", "nats", "ratio", "expected", "")
    BUSY = 0.9

    def __init__(self):
        self.samples = {}
        self.generators = {}
        self.complaints = {}

    def add(self, row, server, sample):
        for figure, value in sample.figures.items():
            self.samples.setdefault((row.name, server, figure), []).append(value)
        if sample.generator_cpu is not None:
            self.generators.setdefault((row.name, server), []).append(sample.generator_cpu)
        if sample.complaint:
            self.complain(row, server, sample.complaint)

    def complain(self, row, server, text):
        self.complaints.setdefault((row.name, server), []).append(text)

    def median(self, row, server, figure):
        samples = self.samples.get((row.name, server, figure))
        return statistics.median(samples) if samples else None

    def line(self, row, figure, limit):
        """(row, title, figure, ours, Mosquitto's, ratio, NATS', ratio, expectation, verdict)."""
        ours = row.servers[0]
        value = self.median(row, ours, figure)
        peers = [self.median(row, peer, figure) for peer in ("mosquitto", "nats")]
        ratios = [value / peer if value is not None and peer else None for peer in peers]
        holds = limit.holds(value, *ratios) if value is not None else None
        if (row.name, ours) in self.complaints:
            holds = False
        verdict = {True: "ok", False: "MISSES", None: "not compared"}[holds]
        return (row.name, row.title, figure, number(value), number(peers[0]), times(ratios[0]), number(peers[1]),
                times(ratios[1]), str(limit), verdict)

    def table(self, rows):
        return [self.line(row, figure, limit) for row in rows for figure, limit in row.figures.items()]

    def text(self, rows):
        """The table in Markdown, and below it what went wrong."""
        cells = [self.HEADINGS, *self.table(rows)]
        widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
        lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in cells]
        lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
        for (name, server), texts in self.complaints.items():
            lines += [f"{name}: {server}: {text}" for text in texts]
        for (name, server), shares in self.generators.items():
            share = statistics.median(shares)
            if share >= self.BUSY:
                lines.append(f"{name}: {server}: the load generator was busy for {share:.0%} of the time")
        return "\n".join(lines)

    def missing(self, rows):
        """The rows that miss what is expected."""
        return sorted({line[0] for line in self.table(rows) if line[-1] == "MISSES"})
