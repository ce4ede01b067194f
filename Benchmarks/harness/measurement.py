"""What a measurement is made of: its rows, figures, and what they are expected to be."""


class Limit:
    """What a figure is expected to be: a ratio to Mosquitto's, or a bound of its own, and a ratio to NATS' beside it."""

    def __init__(self, at_least=None, at_most=None, of_peer=True, of_nats=None):
        self.at_least = at_least
        self.at_most = at_most
        self.of_peer = of_peer
        self.of_nats = of_nats

    def holds(self, value, ratio, nats_ratio):
        """Whether everything that was measured is as expected; None where nothing can be said."""
        judged = ratio if self.of_peer else value
        verdicts = []
        if judged is not None:
            verdicts.append(judged >= self.at_least if self.at_least is not None else judged <= self.at_most)
        if self.of_nats is not None and nats_ratio is not None:
            verdicts.append(nats_ratio >= self.of_nats)
        return all(verdicts) if verdicts else None

    def __str__(self):
        sign, number = ("at least", self.at_least) if self.at_least is not None else ("at most", self.at_most)
        text = f"{sign} {number:,}{'x' if self.of_peer else ''}"
        return text if self.of_nats is None else f"{text}, {self.of_nats:,}x NATS"


class Row:
    """One measurement: a name for `--rows`, a title, and for each figure its unit and limit."""

    def __init__(self, name, title, figures, measure, low_latency=False, has_subscribers=False,
                 servers=("hub", "mosquitto", "nats")):
        self.name = name
        self.title = title
        self.figures = figures
        self.measure = measure
        self.low_latency = low_latency
        self.has_subscribers = has_subscribers
        self.servers = servers


class Sample:
    """What one measurement found: its figures, what is wrong with it, and how busy the load generator was."""

    def __init__(self, figures, complaint=None, generator_cpu=None):
        self.figures = figures
        self.complaint = complaint
        # In processors: near 1 its one thread may be what limits the figure.
        self.generator_cpu = generator_cpu
