"""How fast connections are accepted."""

from .loads import load_result
from .measurement import Limit, Row, Sample


def connects(connections, *options):
    def measure(tools, server):
        result = load_result(tools, server, "connect", "--connections", connections, *options, seconds=60)
        return Sample({"connects/s": result["rate"]}, None, result["generator_cpu"])
    return measure


def connect_rows(quick):
    count = 3_000 if quick else 10_000
    return [
        Row("connect", "CONNECT, CONNACK, DISCONNECT, 64 at a time", {"connects/s": Limit(at_least=0.8)},
            connects(count)),
        Row("connect-held", f"{count:,} connections that stay, 64 at a time", {"connects/s": Limit(at_least=0.8)},
            connects(count, "--hold")),
    ]
