"""A line of the table of stores: a figure of each store, and whether the hub's is what is expected."""

import statistics

PEER = "victoria-metrics"


class Line:
    """`samples` holds by store what was measured, one value a run; the table shows their medians."""

    def __init__(self, row, what, figure, samples, expected="", holds=None):
        self.row = row
        self.what = what
        self.figure = figure
        self.samples = samples
        self.values = medians(samples)
        self.expected = expected
        self.holds = holds


def medians(samples):
    return {name: statistics.median(found) for name, found in samples.items() if found}


def bounded(row, what, figure, samples, at_most):
    """The hub's figure has a bound of its own."""
    return Line(row, what, figure, samples, f"at most {at_most:,g}", medians(samples)["hub"] <= at_most)


def compared(row, what, figure, samples, at_least=None, at_most=None, peer=PEER):
    """The hub's figure in proportion to the peer's: how many times as good (`at_least`), or what part (`at_most`)."""
    values = medians(samples)
    limit = at_least if at_least is not None else at_most
    expected = f"at {'least' if at_least is not None else 'most'} {limit:g}x {peer}"
    hub, other = values.get("hub"), values.get(peer)
    if not hub or not other:
        return Line(row, what, figure, samples, expected)
    # Of times and costs less is better, of rates more.
    ratio = hub / other if at_most is not None or figure.endswith("/s") else other / hub
    return Line(row, f"{what} ({ratio:.2f}x)", figure, samples, expected,
                ratio >= at_least if at_least is not None else ratio <= at_most)
