import random

from harness.client import Closed, Filter, Properties
from harness.scenario import Scenario, only

KIBIBYTE = 1024


def noise(seed, size):
    return random.Random(seed).randbytes(size)


class LargePayloads(Scenario):
    def test_every_qos(self):
        """200 KiB at each QoS, there and back"""
        client = self.subscriber("client", Filter(self.topic("large"), 2))
        for qos in range(3):
            payload = noise(qos, 200 * KIBIBYTE)
            client.publish(self.topic("large"), payload, qos)
            message = client.receive()
            self.assertEqual((message.qos, message.payload == payload), (qos, True))

    def test_many(self):
        """sizes around the steps of the length's encoding, one after the other"""
        sizes = [0, 1, 100, 126, 127, 128, 129, 16_382, 16_383, 16_384, 16_385, 65_535, 65_536, 131_072]
        client = self.subscriber("client", Filter(self.topic("sizes"), 1))
        payloads = [noise(size, size) for size in sizes]
        client.publish_all(self.topic("sizes"), payloads, 1)
        received = client.receive_many(len(sizes))
        self.assertEqual([len(message.payload) for message in received], sizes)
        self.assertTrue(all(message.payload == payload for message, payload in zip(received, payloads)))

    def test_retained(self):
        """a large retained message"""
        payload = noise(1, 200 * KIBIBYTE)
        self.client("publisher").publish(self.topic("large"), payload, 1, retain=True)
        message = self.subscriber("client", Filter(self.topic("large"), 1)).receive()
        self.assertTrue(message.retain and message.payload == payload)

    def test_in_a_session(self):
        """large messages wait for a client that is away"""
        session = {"clean": False, "session_expiry": 300}
        self.subscriber("client", Filter(self.topic("large"), 2), **session).disconnect()
        payloads = [noise(number, 100 * KIBIBYTE) for number in range(6)]
        self.client("publisher").publish_all(self.topic("large"), payloads, 2)
        received = self.client("client", **session).receive_many(len(payloads))
        self.assertEqual([payloads.index(message.payload) for message in received], list(range(6)))

    def test_over_the_limit(self):
        """a packet over the server's limit ends the connection, at 5 with 0x95"""
        client = self.client("client")
        limit = client.connack.get("maximum_packet_size", 256 * KIBIBYTE)
        with self.assertRaises(Closed) as raised:
            client.publish(self.topic("large"), bytes(limit), 1)
        self.assertEqual(raised.exception.reason, 0x95 if self.family.version == 5 else None)

    @only(version=5)
    def test_limit_of_the_client(self):
        """a packet over the client's own limit is not sent to it, and holds up nothing [MQTT-3.1.2-25]"""
        client = self.subscriber("client", Filter(self.topic("a"), 2), maximum_packet_size=2_000)
        publisher = self.client("publisher")
        for number, size in enumerate((10, 3_000, 20, 1_900, 2_000, 30)):
            publisher.publish(self.topic("a"), bytes(size), number % 3)
        # The user properties are part of the packet.
        publisher.publish(self.topic("a"), b"x", 1, properties=Properties(user_properties=[("a", "x" * 2_000)]))
        sizes = [len(message.payload) for message in self.before_fence(client, publisher)]
        self.assertEqual(sorted(sizes), [10, 20, 30, 1_900])
