from harness.client import Filter, Properties
from harness.scenario import Scenario, only


class Retained(Scenario):
    def test_life(self):
        """set, found, replaced, cleared"""
        publisher = self.client("publisher")
        for qos in range(3):
            publisher.publish(self.topic(f"state/{qos}"), f"first {qos}".encode(), qos, retain=True)
        self.expect_kept("early", {f"state/{qos}": (f"first {qos}", qos) for qos in range(3)})
        publisher.publish(self.topic("state/1"), b"second", 1, retain=True)
        publisher.publish(self.topic("state/2"), b"", 1, retain=True)
        # Not retained: changes nothing [MQTT-3.3.1-8].
        publisher.publish(self.topic("state/0"), b"passing", 1)
        self.expect_kept("late", {"state/0": ("first 0", 0), "state/1": ("second", 1)})

    def expect_kept(self, name, kept):
        client = self.client(name)
        client.subscribe(Filter(self.topic("state/+"), 2))
        received = {message.topic: message for message in client.receive_many(len(kept))}
        for topic, (text, qos) in kept.items():
            message = received[self.topic(topic)]
            self.assertEqual((message.text, message.qos, message.retain), (text, qos, True))
        self.expect_only(client, client)

    def test_wildcards(self):
        """each filter finds what it matches, and nothing else"""
        publisher = self.client("publisher")
        topics = ["a", "a/b", "a/b/c", "a/x/c", "a//c", "b"]
        for topic in topics:
            publisher.publish(self.topic(topic), topic.encode(), 1, retain=True)
        cases = {
            "#": topics, "a/#": ["a", "a/b", "a/b/c", "a/x/c", "a//c"], "+": ["a", "b"], "a/+": ["a/b"],
            "a/+/c": ["a/b/c", "a/x/c", "a//c"], "+/b/#": ["a/b", "a/b/c"], "a/b": ["a/b"], "c/#": [],
        }
        for number, (text, expected) in enumerate(cases.items()):
            client = self.client(f"reader-{number}")
            client.subscribe(Filter(self.topic(text), 1))
            found = [message.text for message in client.receive_many(len(expected))]
            self.assertEqual(sorted(found), sorted(expected), text)
            self.expect_only(client, client)

    def test_live(self):
        """who is subscribed already gets it without the flag [MQTT-3.3.1-9]"""
        client = self.subscriber("client", Filter(self.topic("state"), 1))
        client.publish(self.topic("state"), b"now", 1, retain=True)
        self.assertFalse(client.receive().retain)

    def test_again(self):
        """subscribing again brings it again [MQTT-3.8.4-3]"""
        client = self.client("client")
        client.publish(self.topic("state"), b"kept", 1, retain=True)
        for _ in range(2):
            client.subscribe(Filter(self.topic("state"), 1))
            message = client.receive()
            self.assertEqual((message.payload, message.retain), (b"kept", True))

    @only(version=5)
    def test_as_published(self):
        """Retain As Published keeps the flag"""
        keeping = self.subscriber("keeping", Filter(self.topic("state"), 1, retain_as_published=True))
        keeping.publish(self.topic("state"), b"x", 1, retain=True)
        keeping.publish(self.topic("state"), b"y", 1)
        self.assertEqual([message.retain for message in keeping.receive_many(2)], [True, False])

    @only(version=5)
    def test_handling(self):
        """Retain Handling says when it is sent"""
        client = self.client("client")
        client.publish(self.topic("state"), b"kept", 1, retain=True)
        for handling, expected in ((2, []), (1, []), (0, [b"kept"]), (1, [])):
            client.subscribe(Filter(self.topic("state"), 1, retain_handling=handling))
            self.expect_only(client, client, expected)
        client.unsubscribe(self.topic("state"))
        client.subscribe(Filter(self.topic("state"), 1, retain_handling=1))
        self.expect_only(client, client, [b"kept"])

    @only(version=5)
    def test_properties(self):
        """its properties are kept with it"""
        client = self.client("client")
        properties = Properties(
            content_type="text/plain", correlation_data=b"\x00\xff", response_topic="answer", payload_format=1,
            user_properties=[("a", "1"), ("a", "2"), ("ü", "")])
        client.publish(self.topic("state"), b"kept", 1, retain=True, properties=properties)
        client.subscribe(Filter(self.topic("state"), 1))
        self.assertEqual(client.receive().properties, properties)
