from harness.client import Filter
from harness.families import FAMILIES
from harness.scenario import Scenario, heavy, only

EVERY_BYTE = bytes(range(256))


class Delivery(Scenario):
    def test_every_qos(self):
        """every QoS of publish and subscription: the lower one counts, the content is the same"""
        publisher = self.client("publisher")
        for granted in range(3):
            receiver = self.client(f"receiver-{granted}")
            self.assertEqual(receiver.subscribe(Filter(self.topic("bytes"), granted)), [granted])
            for sent in range(3):
                publisher.publish(self.topic("bytes"), EVERY_BYTE, sent)
                message = receiver.receive()
                self.assertEqual(
                    (message.topic, message.payload, message.qos, message.retain, message.duplicate),
                    (self.topic("bytes"), EVERY_BYTE, min(sent, granted), False, False))
            self.expect_only(receiver, publisher)

    def test_across_families(self):
        """messages of every family arrive"""
        receiver = self.subscriber("receiver", Filter(self.topic("+"), 2))
        tcp = [family for family in FAMILIES if family.transport == "tcp"]
        for number, family in enumerate(tcp):
            sender = self.client(f"sender-{number}", family=family)
            for qos in range(3):
                payload = f"{family.name} {qos}".encode()
                sender.publish(self.topic(str(number)), payload, qos)
                message = receiver.receive()
                self.assertEqual((message.topic, message.payload, message.qos), (self.topic(str(number)), payload, qos))

    def test_empty(self):
        """an empty payload is a message too"""
        client = self.subscriber("client", Filter(self.topic("empty"), 1))
        client.publish(self.topic("empty"), b"", 1)
        self.assertEqual(client.receive().payload, b"")

    def test_unicode(self):
        """topics and texts of every script, by name and by wildcard"""
        client = self.subscriber("client", Filter(self.topic("Küche/+/🌡"), 1), Filter(self.topic("кухня/#"), 1))
        topics = ["Küche/温度/🌡", "Küche//🌡", "кухня/نافذة", "кухня"]
        for topic in topics:
            client.publish(self.topic(topic), f"{topic}: 21,5 °C".encode(), 1)
            message = client.receive()
            self.assertEqual((message.topic, message.text), (self.topic(topic), f"{topic}: 21,5 °C"))
        # Composed and decomposed are two topics: characters are not normalized, §4.7.3.
        client.publish(self.topic("Ku\u0308che/x/🌡"), b"", 1)
        self.expect_only(client, client)

    def test_several_filters(self):
        """a SUBSCRIBE of several filters is answered one by one"""
        client = self.client("client")
        filters = [Filter(self.topic(f"f/{qos}"), qos) for qos in (2, 0, 1)]
        self.assertEqual(client.subscribe(*filters), [2, 0, 1])
        for qos in (2, 0, 1):
            client.publish(self.topic(f"f/{qos}"), b"x", 2)
            self.assertEqual(client.receive().qos, qos)

    def test_unsubscribe(self):
        """nothing comes after UNSUBSCRIBE"""
        client = self.subscriber("client", Filter(self.topic("a"), 1), Filter(self.topic("b"), 1))
        codes = client.unsubscribe(self.topic("a"), self.topic("never"))
        if self.family.version == 5:
            self.assertEqual(codes, [0x00, 0x11])
        client.publish(self.topic("a"), b"unwanted", 1)
        client.publish(self.topic("b"), b"wanted", 1)
        self.expect_only(client, client, [b"wanted"])

    def test_overlapping(self):
        """overlapping subscriptions deliver, once or once each, at the highest QoS [MQTT-3.3.5-1]"""
        client = self.subscriber("client", Filter(self.topic("a/#"), 0), Filter(self.topic("a/+"), 2))
        client.publish(self.topic("a/b"), b"x", 2)
        client.publish(self.topic("a/end/of/it"), b"end", 0)
        received = []
        while not received or received[-1].payload != b"end":
            received.append(client.receive())
        self.assertEqual(max(message.qos for message in received), 2)
        self.assertLessEqual(len(received), 3)

    def test_replaced(self):
        """a second SUBSCRIBE on the same filter replaces the first [MQTT-3.8.4-3]"""
        client = self.subscriber("client", Filter(self.topic("a"), 2))
        self.assertEqual(client.subscribe(Filter(self.topic("a"), 0)), [0])
        client.publish(self.topic("a"), b"once", 2)
        self.assertEqual(client.receive().qos, 0)
        self.expect_only(client, client)

    @only(version=5)
    def test_no_local(self):
        """No Local keeps a client's own messages from it"""
        client = self.subscriber("client", Filter(self.topic("a"), 1, no_local=True))
        client.publish(self.topic("a"), b"own", 1)
        other = self.client("other")
        other.publish(self.topic("a"), b"other's", 1)
        self.expect_only(client, other, [b"other's"])


class Streams(Scenario):
    """Thousands of messages, several unacknowledged at once."""

    @heavy
    def test_qos_0(self):
        """2,000 at QoS 0 in order"""
        self.stream(0, 2000)

    @heavy
    def test_qos_1(self):
        """2,000 at QoS 1 in order"""
        self.stream(1, 2000)

    @heavy
    def test_qos_2(self):
        """1,000 at QoS 2 in order, each once"""
        self.stream(2, 1000)

    @heavy
    @only(version=5)
    def test_narrow(self):
        """300 at QoS 2 to a client whose Receive Maximum is 3"""
        self.stream(2, 300, receive_maximum=3)

    @heavy
    def test_fan_out(self):
        """200 to each of 20 subscribers"""
        receivers = [self.subscriber(f"receiver-{n}", Filter(self.topic("all"), n % 3)) for n in range(20)]
        publisher = self.client("publisher")
        payloads = numbered(200)
        publisher.publish_all(self.topic("all"), payloads, 2)
        for receiver in receivers:
            self.assertEqual([message.payload for message in receiver.receive_many(200)], payloads)

    def stream(self, qos, count, **options):
        receiver = self.subscriber("receiver", Filter(self.topic("stream"), qos), **options)
        publisher = self.client("publisher")
        payloads = numbered(count)
        publisher.publish_all(self.topic("stream"), payloads, qos)
        self.assertEqual([message.payload for message in receiver.receive_many(count)], payloads)
        self.expect_only(receiver, publisher)


def numbered(count):
    return [f"message {number}".encode() for number in range(count)]
