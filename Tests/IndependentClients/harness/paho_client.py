"""Eclipse Paho's client (paho-mqtt), at 3.1.1 and 5, over TCP and over WebSocket."""

import queue
import socket
import threading

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties as PahoProperties
from paho.mqtt.subscribeoptions import SubscribeOptions

from .client import PATIENCE, Client, Closed, Message, Properties, Refused, as_filter

CONNACK_NAMES = {
    "AssignedClientIdentifier": "assigned_client_identifier", "MaximumPacketSize": "maximum_packet_size",
    "MaximumQoS": "maximum_qos", "ReasonString": "reason_string", "ReceiveMaximum": "receive_maximum",
    "ResponseInformation": "response_information", "RetainAvailable": "retain_available",
    "ServerKeepAlive": "server_keep_alive", "SessionExpiryInterval": "session_expiry_interval",
    "SharedSubscriptionAvailable": "shared_subscription_available",
    "SubscriptionIdentifierAvailable": "subscription_identifier_available",
    "TopicAliasMaximum": "topic_alias_maximum", "UserProperty": "user_property",
    "WildcardSubscriptionAvailable": "wildcard_subscription_available",
}

MESSAGE_NAMES = {
    "content_type": "ContentType", "correlation_data": "CorrelationData",
    "message_expiry": "MessageExpiryInterval", "payload_format": "PayloadFormatIndicator",
    "response_topic": "ResponseTopic", "topic_alias": "TopicAlias",
}


class PahoClient(Client):
    def __init__(self, family, options, transport="tcp"):
        super().__init__(family, options)
        self._modern = family.version == 5
        more = {} if self._modern else {"clean_session": options.clean}
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2, options.client_id, protocol=paho.MQTTv5 if self._modern else paho.MQTTv311,
            transport=transport, reconnect_on_failure=False, manual_ack=options.hold_acknowledgements, **more)
        self._client.max_inflight_messages_set(options.window)
        self._connected = queue.Queue()
        self._answers = {}
        self._answered = threading.Condition()
        self._address = None
        # The library leaves topic aliases to its user.
        self._topics = {}
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._client.on_subscribe = self._on_answer
        self._client.on_unsubscribe = self._on_answer
        self._client.on_publish = self._on_publish

    # Connecting

    def connect(self, host, port):
        options = self.options
        if options.will:
            will = options.will
            properties = self._message_properties(will.properties, PacketTypes.WILLMESSAGE)
            if properties is not None and will.delay:
                properties.WillDelayInterval = will.delay
            self._client.will_set(will.topic, will.payload, will.qos, will.retain, properties)
        self._address = host, port
        self._connect(options.clean)

    def resume(self):
        self._connect(clean=False)

    def _connect(self, clean):
        more = {}
        if self._modern:
            more = {"clean_start": clean, "properties": self._connect_properties()}
        self._opened()
        self._topics = {}
        self._client.connect(*self._address, self.options.keep_alive, **more)
        self._client.loop_start()
        try:
            code, present, self.connack = self._connected.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError(f"{self} got no CONNACK within {PATIENCE} s") from None
        if code:
            raise Refused(code)
        self.session_present = present

    def _connect_properties(self):
        options = self.options
        properties = PahoProperties(PacketTypes.CONNECT)
        if options.session_expiry is not None:
            properties.SessionExpiryInterval = options.session_expiry
        if options.receive_maximum is not None:
            properties.ReceiveMaximum = options.receive_maximum
        if options.topic_alias_maximum is not None:
            properties.TopicAliasMaximum = options.topic_alias_maximum
        if options.maximum_packet_size is not None:
            properties.MaximumPacketSize = options.maximum_packet_size
        if options.request_response_information:
            properties.RequestResponseInformation = 1
        return properties

    # Asking

    def subscribe(self, *filters, identifier=None):
        filters = [as_filter(wanted) for wanted in filters]
        if not self._modern:
            return self._ask(self._client.subscribe([(wanted.filter, wanted.qos) for wanted in filters]))
        properties = PahoProperties(PacketTypes.SUBSCRIBE)
        if identifier is not None:
            properties.SubscriptionIdentifier = identifier
        return self._ask(self._client.subscribe([
            (wanted.filter, SubscribeOptions(
                wanted.qos, wanted.no_local, wanted.retain_as_published, wanted.retain_handling))
            for wanted in filters
        ], properties=properties))

    def unsubscribe(self, *filters):
        return self._ask(self._client.unsubscribe(list(filters)))

    def publish(self, topic, payload=b"", qos=0, retain=False, properties=None):
        return self._answer(self._start_publish(topic, payload, qos, retain, properties))

    def publish_all(self, topic, payloads, qos):
        for identifier in [self._start_publish(topic, payload, qos) for payload in payloads]:
            self._answer(identifier)

    def _start_publish(self, topic, payload, qos, retain=False, properties=None):
        info = self._client.publish(
            topic, payload, qos, retain, self._message_properties(properties, PacketTypes.PUBLISH))
        if info.rc in (MQTTErrorCode.MQTT_ERR_NO_CONN, MQTTErrorCode.MQTT_ERR_CONN_LOST):
            raise Closed(self, self.closing_reason())
        if info.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise AssertionError(f"{self} cannot publish: {info.rc}")
        return info.mid

    def disconnect(self, reason=0, session_expiry=None):
        if self._modern:
            properties = PahoProperties(PacketTypes.DISCONNECT)
            if session_expiry is not None:
                properties.SessionExpiryInterval = session_expiry
            code = paho.ReasonCode(PacketTypes.DISCONNECT, identifier=reason)
            self._client.disconnect(code, properties)
        else:
            self._client.disconnect()
        # The library's own thread writes, and then ends.
        self.closing_reason()
        self._client.loop_stop()

    def abort(self):
        connection = self._client.socket()
        if connection is not None:
            # A WebSocket is wrapped around its socket.
            inner = getattr(connection, "_socket", connection)
            try:
                inner.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self._client.loop_stop()

    def freeze(self):
        """Falls silent with its socket open: no more pings, nothing read."""
        self._client.loop_stop()

    # What comes back, on the library's thread

    def _on_connect(self, _client, _data, flags, code, properties):
        names = {ours: getattr(properties, theirs) for theirs, ours in CONNACK_NAMES.items()
                 if properties is not None and hasattr(properties, theirs)}
        self._connected.put((code.value, flags.session_present, names))

    def _on_disconnect(self, _client, _data, flags, code, _properties):
        self._ended(code.value if flags.is_disconnect_packet_from_server else None)
        with self._answered:
            self._answered.notify_all()

    def _on_message(self, _client, _data, message):
        properties = self._received_properties(message.properties)
        topic = message.topic
        if properties.topic_alias is not None:
            topic = topic or self._topics[properties.topic_alias]
            self._topics[properties.topic_alias] = topic
        self._messages.put(Message(
            topic, message.payload, message.qos, bool(message.retain), bool(message.dup), properties))

    def _on_publish(self, _client, _data, identifier, code, _properties):
        self._put(identifier, code.value)

    def _on_answer(self, _client, _data, identifier, codes, _properties):
        self._put(identifier, [code.value for code in codes])

    def _put(self, identifier, answer):
        with self._answered:
            self._answers[identifier] = answer
            self._answered.notify_all()

    def _ask(self, result):
        error, identifier = result
        if error != MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise AssertionError(f"{self} cannot ask: {error}")
        return self._answer(identifier)

    def _answer(self, identifier):
        with self._answered:
            self._answered.wait_for(lambda: identifier in self._answers or self._closed.is_set(), PATIENCE)
            if identifier in self._answers:
                return self._answers.pop(identifier)
        if self._closed.is_set():
            raise Closed(self, self._reason)
        raise AssertionError(f"{self} got no acknowledgement of packet {identifier} within {PATIENCE} s")

    # Properties

    def _message_properties(self, properties, packet_type):
        if not self._modern:
            return None
        packed = PahoProperties(packet_type)
        if properties is not None:
            for ours, theirs in MESSAGE_NAMES.items():
                value = getattr(properties, ours)
                if value is not None:
                    setattr(packed, theirs, value)
            if properties.user_properties:
                packed.UserProperty = properties.user_properties
        return packed

    @staticmethod
    def _received_properties(packed):
        properties = Properties()
        if packed is None:
            return properties
        for ours, theirs in MESSAGE_NAMES.items():
            setattr(properties, ours, getattr(packed, theirs, None))
        properties.user_properties = list(getattr(packed, "UserProperty", []))
        properties.subscription_identifiers = list(getattr(packed, "SubscriptionIdentifier", []))
        return properties
