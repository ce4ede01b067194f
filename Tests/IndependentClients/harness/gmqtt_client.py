"""gmqtt's client, an implementation of its own on asyncio, at 3.1.1 and 5."""

import asyncio
import collections
import logging
import threading

import gmqtt
from gmqtt.mqtt.constants import MQTTv50, MQTTv311
from gmqtt.mqtt.handler import MQTTConnectError
from gmqtt.storage import PersistentStorage

from .client import PATIENCE, Client, Closed, Message, Properties, Refused, as_filter

# It logs at warning what scenarios provoke on purpose.
logging.getLogger("gmqtt").setLevel(logging.CRITICAL)

MESSAGE_NAMES = {
    "content_type": "content_type", "correlation_data": "correlation_data",
    "message_expiry": "message_expiry_interval", "payload_format": "payload_format_id",
    "response_topic": "response_topic", "topic_alias": "topic_alias",
}
CONNACK_NAMES = {"response_info": "response_information", "max_qos": "maximum_qos"}


class EventLoop:
    """One asyncio loop on a thread of its own, for all clients of this family."""

    _lock = threading.Lock()
    _loop = None
    # What is never finished, so that it is not collected as forgotten either.
    held = []

    @classmethod
    def run(cls, coroutine):
        """Runs a coroutine there, which has its own time limits, and waits for its result."""
        with cls._lock:
            if cls._loop is None:
                cls._loop = asyncio.new_event_loop()
                threading.Thread(target=cls._loop.run_forever, daemon=True).start()
        return asyncio.run_coroutine_threadsafe(coroutine, cls._loop).result()


class OneConnection(gmqtt.Client):
    """Does not connect again by itself."""

    async def reconnect(self, delay=False):
        pass


class Outstanding(PersistentStorage):
    """What is published and not acknowledged: tells when a packet identifier is done with."""

    def __init__(self, done):
        super().__init__()
        self.last_identifier = None
        self._done = done

    def push_message(self, mid, raw_package):
        # Also called with a PUBREL in the PUBLISH's place.
        super().push_message(mid, raw_package)
        self.last_identifier = mid

    def remove_message_by_mid(self, mid):
        super().remove_message_by_mid(mid)
        self._done(mid)


class GmqttClient(Client):
    def __init__(self, family, options):
        super().__init__(family, options)
        self._modern = family.version == 5
        self._client = None
        self._storage = Outstanding(lambda mid: self._answered(mid, None))
        self._address = None
        # Futures of answers that are due, by packet identifier.
        self._answers = {}

    # Connecting

    def connect(self, host, port):
        self._address = host, port
        EventLoop.run(self._connect(self._make()))

    def resume(self):
        self.options.clean = False
        EventLoop.run(self._connect(self._make()))

    def _make(self):
        options = self.options
        more = {
            "session_expiry_interval": options.session_expiry, "receive_maximum": options.receive_maximum,
            "topic_alias_maximum": options.topic_alias_maximum, "maximum_packet_size": options.maximum_packet_size,
            "request_response_info": 1 if options.request_response_information else None,
        }
        more = {name: value for name, value in more.items() if value is not None and self._modern}
        client = OneConnection(
            options.client_id, clean_session=options.clean, will_message=self._will(),
            optimistic_acknowledgement=not options.hold_acknowledgements, persistent_storage=self._storage, **more)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message_held if options.hold_acknowledgements else self._on_message
        client.on_subscribe = self._on_answer
        client.on_unsubscribe = self._on_answer
        return client

    async def _connect(self, client):
        self._opened()
        self._client = client
        try:
            await asyncio.wait_for(client.connect(
                *self._address, keepalive=self.options.keep_alive, version=MQTTv50 if self._modern else MQTTv311),
                PATIENCE)
        except MQTTConnectError as error:
            raise Refused(error._code) from None
        except asyncio.TimeoutError:
            raise AssertionError(f"{self} got no CONNACK within {PATIENCE} s") from None

    def _will(self):
        will = self.options.will
        if will is None:
            return None
        properties = self._message_properties(will.properties)
        if will.delay and self._modern:
            properties["will_delay_interval"] = will.delay
        return gmqtt.Message(will.topic, will.payload, qos=will.qos, retain=will.retain, **properties)

    # Asking

    def subscribe(self, *filters, identifier=None):
        return EventLoop.run(self._subscribe([as_filter(wanted) for wanted in filters], identifier))

    async def _subscribe(self, filters, identifier):
        mid = self._client.subscribe([
            gmqtt.Subscription(
                wanted.filter, qos=wanted.qos, no_local=wanted.no_local,
                retain_as_published=wanted.retain_as_published, retain_handling_options=wanted.retain_handling,
                subscription_identifier=identifier)
            for wanted in filters
        ])
        return await self._answer(mid)

    def unsubscribe(self, *filters):
        return EventLoop.run(self._unsubscribe(filters))

    async def _unsubscribe(self, filters):
        return await self._answer(self._client.unsubscribe([wanted.encode() for wanted in filters]))

    def publish(self, topic, payload=b"", qos=0, retain=False, properties=None):
        EventLoop.run(self._publish(topic, payload, qos, retain, properties))

    async def _publish(self, topic, payload, qos, retain, properties):
        mid = self._start_publish(topic, payload, qos, retain, properties)
        if qos:
            await self._answer(mid)

    def publish_all(self, topic, payloads, qos):
        EventLoop.run(self._publish_all(topic, payloads, qos))

    async def _publish_all(self, topic, payloads, qos):
        due = collections.deque()
        for payload in payloads:
            if qos and len(due) == self.options.window:
                await self._answer(due.popleft())
            due.append(self._start_publish(topic, payload, qos))
        for mid in due if qos else ():
            await self._answer(mid)

    def _start_publish(self, topic, payload, qos, retain=False, properties=None):
        message = gmqtt.Message(topic, payload, qos=qos, retain=retain, **self._message_properties(properties))
        self._client.publish(message)
        if qos:
            self._future(self._storage.last_identifier)
        return self._storage.last_identifier

    def disconnect(self, reason=0, session_expiry=None):
        EventLoop.run(self._disconnect(reason, session_expiry))

    async def _disconnect(self, reason, session_expiry):
        properties = {}
        if session_expiry is not None and self._modern:
            properties["session_expiry_interval"] = session_expiry
        await self._client.disconnect(reason_code=reason, **properties)

    def abort(self):
        EventLoop.run(self._abort())

    async def _abort(self):
        # The library offers no such thing: its own connection object holds the transport.
        if self._client is not None and self._client._connection is not None:
            self._client._connection._transport.abort()

    # What comes back, on the loop's thread

    def _on_connect(self, _client, flags, _code, properties):
        self.session_present = bool(flags)
        self.connack = {
            CONNACK_NAMES.get(name, name): value[0] if isinstance(value, list) else value
            for name, value in properties.items()
        }

    def _on_disconnect(self, client, packet, exc=None):
        if client is not self._client:
            return
        self._ended(packet[0] if packet else None)
        for future in self._answers.values():
            if not future.done():
                future.set_exception(Closed(self, self._reason))

    def _on_message(self, _client, topic, payload, qos, properties):
        self._messages.put(Message(
            topic, bytes(payload), qos, bool(properties["retain"]), bool(properties["dup"]),
            self._received_properties(properties)))

    async def _on_message_held(self, client, topic, payload, qos, properties):
        self._on_message(client, topic, payload, qos, properties)
        # The library acknowledges when this returns: never.
        never = asyncio.get_running_loop().create_future()
        EventLoop.held.append(never)
        await never

    def _on_answer(self, _client, mid, codes, _properties=None):
        self._answered(mid, list(codes))

    def _answered(self, mid, answer):
        future = self._future(mid)
        if not future.done():
            future.set_result(answer)

    def _future(self, mid):
        if mid not in self._answers:
            self._answers[mid] = asyncio.get_running_loop().create_future()
        return self._answers[mid]

    async def _answer(self, mid):
        future = self._future(mid)
        try:
            return future.result() if future.done() else await asyncio.wait_for(future, PATIENCE)
        except asyncio.TimeoutError:
            raise AssertionError(f"{self} got no acknowledgement of packet {mid} within {PATIENCE} s") from None
        finally:
            self._answers.pop(mid, None)

    # Properties

    def _message_properties(self, properties):
        if not self._modern or properties is None:
            return {}
        packed = {theirs: getattr(properties, ours) for ours, theirs in MESSAGE_NAMES.items()
                  if getattr(properties, ours) is not None}
        if properties.user_properties:
            packed["user_property"] = properties.user_properties
        return packed

    @staticmethod
    def _received_properties(packed):
        properties = Properties()
        for ours, theirs in MESSAGE_NAMES.items():
            values = packed.get(theirs)
            setattr(properties, ours, values[0] if values else None)
        properties.user_properties = list(packed.get("user_property", []))
        properties.subscription_identifiers = list(packed.get("subscription_identifier", []))
        return properties
