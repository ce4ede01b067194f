"""The load generator `mqtt-load`."""

import json

from .processes import BenchmarkError, Watched


def start_load(tools, server, command, *options):
    """Starts it against `server`."""
    return Watched([tools.binary("mqtt-load"), command, "--port", str(server.port), *map(str, options)])


def load_result(tools, server, command, *options, seconds):
    """Runs it to its end and returns its result; it may take a minute longer than `seconds`."""
    load = start_load(tools, server, command, *options)
    code, output = load.finish(seconds + 60)
    if code != 0:
        raise BenchmarkError(f"mqtt-load ended with {code}: {output} {'; '.join(load.lines[-5:])}")
    return json.loads(output)
