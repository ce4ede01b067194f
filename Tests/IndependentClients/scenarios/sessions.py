import threading
import time

from harness.client import Filter, Properties
from harness.scenario import Scenario, heavy, only

# Long enough for any scenario.
LASTING = {"clean": False, "session_expiry": 300}


class Sessions(Scenario):
    def test_resumed(self):
        """subscriptions outlive the connection, and Session Present says so"""
        client = self.lasting(Filter(self.topic("a"), 1))
        client.disconnect()
        again = self.client("lasting", **LASTING)
        self.assertTrue(again.session_present)
        again.publish(self.topic("a"), b"still subscribed", 1)
        self.assertEqual(again.receive().payload, b"still subscribed")

    def test_discarded(self):
        """a clean start discards the session [MQTT-3.1.2-4]"""
        client = self.lasting(Filter(self.topic("a"), 1))
        client.disconnect()
        fresh = self.client("lasting")
        self.assertFalse(fresh.session_present)
        fresh.publish(self.topic("a"), b"for nobody", 1)
        self.expect_only(fresh, fresh)
        fresh.disconnect()
        self.assertFalse(self.client("lasting", **LASTING).session_present)

    def test_offline_queue(self):
        """what is published meanwhile waits: QoS 1 and 2, in order, once"""
        publisher = self.client("publisher")
        for farewell in ("disconnect", "abort"):
            client = self.lasting(Filter(self.topic("a/+"), 2))
            getattr(client, farewell)()
            self.wait_until_away(publisher, farewell)
            expected = []
            for number in range(40):
                payload = f"{farewell} {number}".encode()
                # Order is promised a topic and QoS [MQTT-4.6.0-6].
                publisher.publish(self.topic(f"a/{number % 4}"), payload, 1 + number % 2)
                expected.append(payload)
            again = self.client("lasting", **LASTING)
            self.assertTrue(again.session_present)
            received = again.receive_many(len(expected))
            for level in range(4):
                self.assertEqual(
                    [message.payload for message in received if message.topic == self.topic(f"a/{level}")],
                    expected[level::4])
            self.assertEqual({message.qos for message in received}, {1, 2})
            self.expect_only(again, publisher)
            again.disconnect()

    def wait_until_away(self, publisher, farewell):
        # A socket that closes is seen a moment later; a message written to it before is redelivered, in order as well.
        if farewell == "abort":
            time.sleep(0.2)

    def test_unacknowledged(self):
        """what was delivered and not acknowledged comes again, in order and marked [MQTT-4.4.0-1]"""
        publisher = self.client("publisher")
        client = self.lasting(Filter(self.topic("a"), 1), hold_acknowledgements=True)
        payloads = [f"held {number}".encode() for number in range(10)]
        publisher.publish_all(self.topic("a"), payloads, 1)
        self.assertEqual([message.payload for message in client.receive_many(10)], payloads)
        client.abort()
        again = self.client("lasting", **LASTING)
        received = again.receive_many(10)
        self.assertEqual([message.payload for message in received], payloads)
        self.assertEqual({message.duplicate for message in received}, {True})
        self.expect_only(again, publisher)

    @heavy
    def test_torn_stream(self):
        """a subscriber whose connection breaks again and again misses nothing, at QoS 2 gets nothing twice"""
        publisher = self.client("publisher")
        client = self.lasting(Filter(self.topic("one"), 1), Filter(self.topic("two"), 2))
        for round_number in range(6):
            payloads = [f"{round_number}-{number}".encode() for number in range(50)]
            tearing = threading.Timer(0.002 * round_number, client.abort)
            tearing.start()
            publisher.publish_all(self.topic("one"), payloads, 1)
            publisher.publish_all(self.topic("two"), payloads, 2)
            tearing.join()
            client.resume()
            self.assertTrue(client.session_present)
        received = self.before_fence(client, publisher)
        expected = [f"{round_number}-{number}" for round_number in range(6) for number in range(50)]
        at_least_once = [message.text for message in received if message.topic == self.topic("one")]
        self.assertEqual(list(dict.fromkeys(at_least_once)), expected)
        exactly_once = [message.text for message in received if message.topic == self.topic("two")]
        if self.family.library == "gmqtt":
            # It hands a message on before it has noted its identifier, so that a repeated PUBLISH shows twice.
            exactly_once = list(dict.fromkeys(exactly_once))
        self.assertEqual(exactly_once, expected)

    def test_queue_for_qos_0(self):
        """messages of QoS 0, or to subscriptions of QoS 0, may be lost meanwhile, the others not"""
        publisher = self.client("publisher")
        client = self.lasting(Filter(self.topic("a"), 1), Filter(self.topic("b"), 0))
        client.disconnect()
        publisher.publish(self.topic("a"), b"maybe", 0)
        publisher.publish(self.topic("b"), b"maybe", 1)
        publisher.publish(self.topic("a"), b"surely", 1)
        again = self.client("lasting", **LASTING)
        again.publish(self.topic("a"), b"end", 1)
        received = [again.receive().payload]
        while received[-1] != b"end":
            received.append(again.receive().payload)
        self.assertEqual([payload for payload in received if payload != b"maybe"], [b"surely", b"end"])

    def test_taken_over(self):
        """a take-over goes on with the session, over and over"""
        publisher = self.client("publisher")
        client = self.lasting(Filter(self.topic("a"), 2))
        for number in range(6):
            later = self.client("lasting", **LASTING)
            self.assertTrue(later.session_present)
            self.assertEqual(client.closing_reason(), 0x8E if self.family.version == 5 else None)
            publisher.publish(self.topic("a"), str(number).encode(), 2)
            self.assertEqual(later.receive().text, str(number))
            client = later
        self.expect_only(client, publisher)

    def test_unsubscribed(self):
        """an UNSUBSCRIBE is part of the session too"""
        client = self.lasting(Filter(self.topic("a"), 1), Filter(self.topic("b"), 1))
        client.unsubscribe(self.topic("a"))
        client.disconnect()
        again = self.client("lasting", **LASTING)
        again.publish(self.topic("a"), b"unwanted", 1)
        again.publish(self.topic("b"), b"wanted", 1)
        self.expect_only(again, again, [b"wanted"])

    @only(version=5)
    def test_expired(self):
        """a session ends with its expiry interval"""
        client = self.client("lasting", clean=False, session_expiry=1)
        client.subscribe(Filter(self.topic("a"), 1))
        client.disconnect()
        time.sleep(1.3)
        self.assertFalse(self.client("lasting", **LASTING).session_present)

    @only(version=5)
    def test_no_expiry(self):
        """without an expiry interval the session ends with the connection"""
        client = self.client("brief", clean=False)
        client.subscribe(Filter(self.topic("a"), 1))
        client.disconnect()
        self.assertFalse(self.client("brief", clean=False).session_present)

    @only(version=5)
    def test_expiry_at_disconnect(self):
        """DISCONNECT may change the expiry interval"""
        client = self.lasting(Filter(self.topic("a"), 1))
        client.disconnect(session_expiry=0)
        again = self.client("lasting", clean=False, session_expiry=1)
        self.assertFalse(again.session_present)
        again.disconnect(session_expiry=300)
        time.sleep(1.3)
        self.assertTrue(self.client("lasting", **LASTING).session_present)

    @only(version=5)
    def test_message_expiry(self):
        """what expires while it waits is not delivered, what does not says how long it has left"""
        publisher = self.client("publisher")
        client = self.lasting(Filter(self.topic("a"), 1))
        client.disconnect()
        for payload, seconds in ((b"brief", 1), (b"long", 100), (b"forever", None)):
            publisher.publish(self.topic("a"), payload, 1, properties=Properties(message_expiry=seconds))
        time.sleep(2.1)
        again = self.client("lasting", **LASTING)
        long, forever = again.receive_many(2)
        self.assertEqual((long.payload, forever.payload), (b"long", b"forever"))
        self.assertTrue(90 <= long.properties.message_expiry <= 98, long.properties.message_expiry)
        self.assertIsNone(forever.properties.message_expiry)
        self.expect_only(again, publisher)

    def lasting(self, *filters, **options):
        """A client with a session that was not there before, or that is there."""
        client = self.client("lasting", **LASTING, **options)
        client.subscribe(*filters)
        return client
