"""What every scenario is made of."""

import itertools
import unittest

from .client import Filter, Options

_numbers = itertools.count(1)


class Scenario(unittest.TestCase):
    """A test that is run with the clients of one family. Its topics and client identifiers are its own, so that any
    number of scenarios can use one hub at once."""

    def __init__(self, method, family, server):
        super().__init__(method)
        self.family = family
        self._server = server
        self._name = f"{server.namespace}{next(_numbers)}"

    def topic(self, name):
        return f"{self._name}/{name}"

    def client_id(self, name):
        return f"{self._name}-{name}"

    def client(self, name=None, family=None, **options):
        """A connected client; `name` is made unique, without one the client identifier is empty."""
        family = family or self.family
        client_id = self.client_id(name) if name else ""
        client = family.client(Options(client_id=client_id, **options))
        host, port = self._server.address(family.transport)
        self.addCleanup(client.abort)
        client.connect(host, port)
        return client

    def subscriber(self, name, *filters, **options):
        client = self.client(name, **options)
        codes = client.subscribe(*filters)
        self.assertTrue(all(code <= 2 for code in codes), f"SUBACK {codes}")
        return client

    def before_fence(self, receiver, publisher):
        """Everything that comes before a last message of this publisher, so that what did not come by then never will.
        That message goes the long way of QoS 2: libraries hand such messages on when their exchange is over."""
        fence = self.topic(f"fence-{next(_numbers)}")
        receiver.subscribe(Filter(fence, 2))
        publisher.publish(fence, b"", 2)
        messages = []
        while not messages or messages[-1].topic != fence:
            messages.append(receiver.receive())
        return messages[:-1]

    def expect_only(self, receiver, publisher, expected=()):
        """Checks that these payloads come, in this order, and nothing else."""
        payloads = [message.payload for message in self.before_fence(receiver, publisher)]
        self.assertEqual(payloads, list(expected))


def only(version=None, library=None):
    """Marks a scenario that makes sense, or that the library can play, in some families only."""

    def mark(method):
        method.takes = lambda family: (version is None or family.version == version) and (
            library is None or family.library == library)
        return method

    return mark


def heavy(method):
    """Marks a scenario that takes long: it is started before the others."""
    method.heavy = True
    return method
