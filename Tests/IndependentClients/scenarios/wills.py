import time

from harness.client import Filter, Properties, Will
from harness.scenario import Scenario, only


class Wills(Scenario):
    def test_abrupt(self):
        """published when the socket closes without a word, at each QoS"""
        watcher = self.subscriber("watcher", Filter(self.topic("will/+"), 2))
        for qos in range(3):
            client = self.client(f"client-{qos}", will=Will(self.topic(f"will/{qos}"), b"gone \xff", qos))
            client.abort()
            message = watcher.receive()
            self.assertEqual(
                (message.topic, message.payload, message.qos, message.retain),
                (self.topic(f"will/{qos}"), b"gone \xff", qos, False))

    def test_polite(self):
        """not published after DISCONNECT"""
        watcher = self.subscriber("watcher", Filter(self.topic("will"), 1))
        client = self.client("client", will=Will(self.topic("will"), b"gone", 1))
        client.disconnect()
        self.client("client")
        self.expect_only(watcher, watcher)

    def test_retained(self):
        """a retained will stays"""
        watcher = self.subscriber("watcher", Filter(self.topic("will"), 1))
        client = self.client("client", will=Will(self.topic("will"), b"offline", 1, retain=True))
        client.publish(self.topic("will"), b"online", 1, retain=True)
        client.abort()
        self.assertEqual([message.text for message in watcher.receive_many(2)], ["online", "offline"])
        late = self.subscriber("late", Filter(self.topic("will"), 1))
        message = late.receive()
        self.assertEqual((message.text, message.retain), ("offline", True))

    def test_empty(self):
        """a will may be empty"""
        watcher = self.subscriber("watcher", Filter(self.topic("will"), 1))
        self.client("client", will=Will(self.topic("will"), b"", 1)).abort()
        self.assertEqual(watcher.receive().payload, b"")

    def test_taken_over(self):
        """published when the client is taken over"""
        watcher = self.subscriber("watcher", Filter(self.topic("will"), 1))
        self.client("client", will=Will(self.topic("will"), b"taken over", 1))
        self.client("client")
        self.assertEqual(watcher.receive().payload, b"taken over")

    @only(version=5)
    def test_asked_for(self):
        """published after DISCONNECT 0x04"""
        watcher = self.subscriber("watcher", Filter(self.topic("will"), 1))
        client = self.client("client", will=Will(self.topic("will"), b"on purpose", 1))
        client.disconnect(reason=0x04)
        self.assertEqual(watcher.receive().payload, b"on purpose")

    @only(version=5)
    def test_properties(self):
        """carries its properties"""
        properties = Properties(
            content_type="text/plain", correlation_data=b"\x01\x02", response_topic="answer", payload_format=1,
            user_properties=[("why", "power"), ("why", "cable")])
        watcher = self.subscriber("watcher", Filter(self.topic("will"), 1))
        self.client("client", will=Will(self.topic("will"), b"gone", 1, properties=properties)).abort()
        self.assertEqual(watcher.receive().properties, properties)

    @only(version=5)
    def test_delay(self):
        """waits for its delay"""
        watcher = self.subscriber("watcher", Filter(self.topic("will"), 1))
        client = self.client(
            "client", session_expiry=60, will=Will(self.topic("will"), b"delayed", 1, delay=1))
        client.abort()
        start = time.monotonic()
        self.assertEqual(watcher.receive().payload, b"delayed")
        self.assertGreater(time.monotonic() - start, 0.9)

    @only(version=5)
    def test_delay_cut_short(self):
        """the end of the session ends the delay [MQTT-3.1.2-8]"""
        watcher = self.subscriber("watcher", Filter(self.topic("will"), 1))
        client = self.client("client", session_expiry=1, will=Will(self.topic("will"), b"session over", 1, delay=600))
        client.abort()
        self.assertEqual(watcher.receive().payload, b"session over")

    @only(version=5)
    def test_back_in_time(self):
        """not published where the client is back within the delay [MQTT-3.1.3-9]"""
        watcher = self.subscriber("watcher", Filter(self.topic("will"), 1))
        will = Will(self.topic("will"), b"too early", 1, delay=1)
        client = self.client("client", session_expiry=60, will=will)
        client.abort()
        again = self.client("client", clean=False, session_expiry=60)
        self.assertTrue(again.session_present)
        with self.assertRaises(AssertionError):
            watcher.receive(timeout=1.6)

    @only(version=5)
    def test_back_too_late(self):
        """published where the client is back after the delay only"""
        watcher = self.subscriber("watcher", Filter(self.topic("will"), 1))
        client = self.client("client", session_expiry=60, will=Will(self.topic("will"), b"late", 1, delay=1))
        client.abort()
        time.sleep(1.3)
        self.assertTrue(self.client("client", clean=False, session_expiry=60).session_present)
        self.assertEqual(watcher.receive().payload, b"late")
