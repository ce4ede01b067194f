"""What a scenario sees of a client, whatever library is behind it."""

import queue
import threading
from dataclasses import dataclass, field

# Seconds without any progress after which what is due has failed to happen. A debug build beside other work is slow, a
# hang is forever.
PATIENCE = 40.0


@dataclass
class Properties:
    """The properties of MQTT 5 that applications use, under one set of names."""

    content_type: str = None
    correlation_data: bytes = None
    message_expiry: int = None
    payload_format: int = None
    response_topic: str = None
    topic_alias: int = None
    user_properties: list = field(default_factory=list)
    subscription_identifiers: list = field(default_factory=list)


@dataclass
class Message:
    """A message as a client got it or is to send it."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    # None where the library does not tell.
    duplicate: bool = None
    properties: Properties = field(default_factory=Properties)

    @property
    def text(self):
        return self.payload.decode()


@dataclass
class Filter:
    """A topic filter with its subscription options; the last three are MQTT 5's."""

    filter: str
    qos: int = 0
    no_local: bool = False
    retain_as_published: bool = False
    retain_handling: int = 0


@dataclass
class Will:
    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    # Seconds, MQTT 5.
    delay: int = 0
    properties: Properties = field(default_factory=Properties)


@dataclass
class Options:
    """How a client connects. `session_expiry` and what follows it are MQTT 5's."""

    client_id: str = ""
    clean: bool = True
    keep_alive: int = 60
    will: Will = None
    # Leaves what it receives unacknowledged.
    hold_acknowledgements: bool = False
    # Publishes that it keeps unacknowledged at once.
    window: int = 100
    session_expiry: int = None
    receive_maximum: int = None
    topic_alias_maximum: int = None
    maximum_packet_size: int = None
    request_response_information: bool = False


class Refused(Exception):
    """A CONNACK that is no success; `code` is its return code or reason code."""

    def __init__(self, code):
        super().__init__(f"the connection was refused with 0x{code:02x}")
        self.code = code


class Closed(Exception):
    """The connection ended where an answer was due; `reason` is the server's DISCONNECT reason code, or None."""

    def __init__(self, client, reason):
        super().__init__(f"{client} lost its connection ({'no reason' if reason is None else f'0x{reason:02x}'})")
        self.reason = reason


class Client:
    """A client. Its families are the subclasses; each waits for what it asked, and raises where it does not come."""

    def __init__(self, family, options):
        self.family = family
        self.options = options
        self.session_present = None
        # Of the CONNACK, under the specification's names in lower case with underscores.
        self.connack = {}
        self._messages = queue.Queue()
        self._closed = threading.Event()
        self._reason = None

    # What a family implements.

    def connect(self, host, port):
        raise NotImplementedError

    def resume(self):
        """Connects again without a clean start, with what the library remembers of the session."""
        raise NotImplementedError

    def subscribe(self, *filters, identifier=None):
        """Returns the reason codes of the SUBACK. A filter is a `Filter`, or its text."""
        raise NotImplementedError

    def unsubscribe(self, *filters):
        raise NotImplementedError

    def publish_all(self, topic, payloads, qos):
        """Publishes, several at once within the window, and waits until all are fully acknowledged."""
        raise NotImplementedError

    def publish(self, topic, payload=b"", qos=0, retain=False, properties=None):
        """Publishes and waits until it is fully acknowledged; returns the reason code, or None where the library hides
        it."""
        raise NotImplementedError

    def disconnect(self, reason=0, session_expiry=None):
        """Says DISCONNECT and closes."""
        raise NotImplementedError

    def abort(self):
        """Closes the socket without a word."""
        raise NotImplementedError

    # What they share.

    def receive(self, timeout=PATIENCE):
        """The next message."""
        try:
            return self._messages.get(timeout=timeout)
        except queue.Empty:
            raise AssertionError(f"{self} got no message within {timeout} s") from None

    def receive_many(self, count):
        messages = []
        while len(messages) < count:
            try:
                messages.append(self._messages.get(timeout=PATIENCE))
            except queue.Empty:
                raise AssertionError(f"{self} got {len(messages)} of {count} messages, then no more") from None
        return messages

    def closing_reason(self, timeout=PATIENCE):
        """Waits until the server closes; returns the reason code of its DISCONNECT, None where there was none."""
        if not self._closed.wait(timeout):
            raise AssertionError(f"{self} was not disconnected within {timeout} s")
        return self._reason

    def _opened(self):
        self._reason = None
        self._closed.clear()

    def _ended(self, reason):
        # Only the first word counts: libraries tell of a DISCONNECT and of the end of its connection.
        if not self._closed.is_set():
            self._reason = reason
            self._closed.set()

    def __str__(self):
        return f"{self.family.name} client {self.options.client_id!r}"


def as_filter(wanted):
    return wanted if isinstance(wanted, Filter) else Filter(wanted)
