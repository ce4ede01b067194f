"""Lets clients that others wrote drive a hub: one line a scenario, exit code 1 where one failed."""

import argparse
import os
import sys
import time

sys.dont_write_bytecode = True

from harness.families import FAMILIES  # noqa: E402
from harness.hub import Broker, Hub, HubError  # noqa: E402
from harness.runner import collect, run, title  # noqa: E402
from scenarios import MODULES  # noqa: E402


def arguments():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser = argparse.ArgumentParser(prog="scripts/test-clients", description=__doc__)
    parser.add_argument(
        "hub", nargs="?", default=os.path.join(root, ".build", "debug", "telemetry-hub"),
        help="the hub's program (default: that of the debug build)")
    parser.add_argument("--only", default="", metavar="TEXT", help="scenarios whose line holds this text")
    parser.add_argument("--workers", type=int, default=12, help="scenarios at once (default: %(default)s)")
    parser.add_argument(
        "--broker", metavar="HOST:PORT[:WEBSOCKET_PORT]",
        help="another server, which runs already, in the hub's place: what fails there too may be the scenario's fault")
    return parser.parse_args()


def main():
    options = arguments()
    if options.broker:
        host, *ports = options.broker.split(":")
        server = Broker(host, *map(int, ports))
    else:
        try:
            server = Hub(options.hub)
        except (HubError, OSError) as error:
            print(f"no hub to test: {error}", file=sys.stderr)
            return 1
    start = time.monotonic()
    fault = None
    try:
        families = [family for family in FAMILIES if server.address(family.transport)]
        for family in FAMILIES:
            if family not in families:
                print(f"skip  {family.name}: the server has no listener for it")
        scenarios = [each for each in collect(MODULES, families, server) if options.only in title(each)]
        failed, skipped = run(scenarios, options.workers)
    finally:
        fault = server.stop()
    if fault:
        print(fault)
    print(f"{len(scenarios)} scenarios in {time.monotonic() - start:.1f} s: {failed} failed, {skipped} skipped")
    return 1 if failed or fault or not scenarios else 0


if __name__ == "__main__":
    # The threads of client libraries must not hold up the end.
    code = main()
    sys.stdout.flush()
    os._exit(code)
