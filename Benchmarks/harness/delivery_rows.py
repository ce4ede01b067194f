"""Messages on their way from publishers to subscribers: `mqtt-load` for rates, `publish-latency` for times."""

import json

from .loads import load_result
from .measurement import Limit, Row, Sample
from .processes import BenchmarkError, Watched


class Shape:
    """Who publishes to whom."""

    def __init__(self, name, title, limit, publishers=1, subscribers=1, topics=1, qos=0, window=100):
        self.name = name
        self.title = title
        self.limit = limit
        # Below 1,000, beyond which Mosquitto drops what waits for a subscriber.
        self.options = ("--publishers", publishers, "--subscribers", subscribers, "--topics", topics, "--qos", qos,
                        "--window", window)

    def run(self, tools, server, seconds):
        result = load_result(tools, server, "publish", *self.options, "--seconds", seconds, seconds=seconds)
        complaint = f"{result['lost']:,} messages were not delivered" if result["lost"] else None
        return result, complaint

    def rate(self, seconds):
        def measure(tools, server):
            result, complaint = self.run(tools, server, seconds)
            return Sample({"delivered/s": result["rate"]}, complaint, result["generator_cpu"])
        return measure

    def ceiling(self, seconds):
        """What the load generator could do, were it all that the machine has to do."""
        def measure(tools, server):
            result, complaint = self.run(tools, server, seconds)
            return Sample({"messages/CPU s": result["rate"] / result["generator_cpu"]}, complaint)
        return measure


SHAPES = [
    Shape("deliver-qos0", "1 publisher to 1 subscriber at QoS 0", Limit(at_least=4), window=500),
    Shape("deliver-qos1", "1 publisher to 1 subscriber at QoS 1", Limit(at_least=4), qos=1, window=500),
    Shape("fan-out-100", "1 publisher to 100 subscribers at QoS 0", Limit(at_least=3, of_nats=1), subscribers=100),
    Shape("fan-out-1000", "1 publisher to 1,000 subscribers at QoS 0", Limit(at_least=3), subscribers=1_000),
    Shape("distinct-1000", "1,000 publishers to 1,000 subscribers, a topic each, QoS 0", Limit(at_least=3),
          publishers=1_000, subscribers=1_000, topics=1_000),
]


def latency(qos, seconds):
    def measure(tools, server):
        probe = Watched([tools.binary("publish-latency"), "--port", str(server.port), "--qos", str(qos),
                         "--rate", "1000", "--seconds", str(seconds), "--warm-up", "1000"])
        code, output = probe.finish(seconds + 30)
        if code != 0:
            raise BenchmarkError(f"publish-latency ended with {code}: {output} {'; '.join(probe.lines[-5:])}")
        result = json.loads(output)
        return Sample({"p50 us": result["p50_us"], "p99 us": result["p99_us"]})
    return measure


def delivery_rows(seconds):
    return [
        Row(shape.name, shape.title, {"delivered/s": shape.limit}, shape.rate(seconds), has_subscribers=True)
        for shape in SHAPES
    ]


def latency_rows(quick):
    return [
        Row(f"latency-qos{qos}", f"publish to subscriber at QoS {qos}, 1,000 messages/s",
            {"p50 us": Limit(at_most=1.25), "p99 us": Limit(at_most=1.5)}, latency(qos, 3 if quick else 10),
            low_latency=True)
        for qos in (0, 1)
    ]


def ceiling_rows(seconds):
    return [
        Row(f"load-{shape.name}", f"the load generator against a bare sink: {shape.title}",
            {"messages/CPU s": Limit(at_least=2_000_000, of_peer=False)}, shape.ceiling(seconds),
            has_subscribers=True, servers=("sink",))
        for shape in SHAPES
    ]
