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


class Results:
    """Every figure of every run, by row, server and figure."""

    def __init__(self):
        self.samples = {}
        self.complaints = {}

    def add(self, row, server, figures):
        for figure, value in figures.items():
            self.samples.setdefault((row.name, server, figure), []).append(value)

    def complain(self, row, text):
        self.complaints.setdefault(row.name, []).append(text)

    def median(self, row, server, figure):
        samples = self.samples.get((row.name, server, figure))
        return statistics.median(samples) if samples else None

    def table(self, rows):
        """One line a figure: (row, title, figure, ours, peer's, ratio, expectation, verdict)."""
        lines = []
        for row in rows:
            ours, peer = row.servers[0], row.servers[-1]
            for figure, limit in row.figures.items():
                value = self.median(row, ours, figure)
                other = self.median(row, peer, figure) if peer != ours else None
                ratio = value / other if value is not None and other else None
                holds = limit.holds(value, ratio) if value is not None else None
                if row.name in self.complaints:
                    holds = False
                verdict = {True: "ok", False: "MISSES", None: "not measured"}[holds]
                lines.append((row.name, row.title, figure, value, other, ratio, str(limit), verdict))
        return lines

    def text(self, rows):
        """The table in Markdown, and below it what went wrong."""
        cells = [("row", "what", "figure", "hub", "mosquitto", "ratio", "expected", "")]
        cells += [
            (name, title, figure, number(value), number(other), f"{ratio:.2f}x" if ratio is not None else "-", limit,
             verdict)
            for name, title, figure, value, other, ratio, limit, verdict in self.table(rows)
        ]
        widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
        lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in cells]
        lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
        for name, texts in self.complaints.items():
            lines += [f"{name}: {text}" for text in texts]
        return "\n".join(lines)

    def missing(self, rows):
        """The rows that miss what is expected."""
        return sorted({line[0] for line in self.table(rows) if line[-1] == "MISSES"})
