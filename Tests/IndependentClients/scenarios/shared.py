from harness.client import Closed, Filter
from harness.scenario import Scenario, only

MESSAGES = 60


class SharedSubscriptions(Scenario):
    @only(version=5)
    def test_split(self):
        """the members of a group share the messages, another group and a plain subscriber get all"""
        members = [self.member(f"member-{n}") for n in range(3)]
        alone = self.member("alone", group="other")
        plain = self.subscriber("plain", Filter(self.topic("jobs/+"), 1))
        publisher = self.client("publisher")
        payloads = self.pump(publisher)
        shares = [[message.payload for message in self.before_fence(member, publisher)] for member in members]
        for share in shares:
            self.assertGreaterEqual(len(share), MESSAGES // 6, [len(share) for share in shares])
        self.assertEqual(sorted(sum(shares, [])), sorted(payloads))
        for everything in (alone, plain):
            self.expect_only(everything, publisher, payloads)

    @only(version=5)
    def test_leaves(self):
        """when a member leaves, the others get everything"""
        leaver, stayer = self.member("leaver"), self.member("stayer")
        publisher = self.client("publisher")
        leaver.disconnect()
        self.expect_only(stayer, publisher, self.pump(publisher))
        unsubscriber = self.member("unsubscriber")
        unsubscriber.unsubscribe(self.shared_filter("group"))
        self.expect_only(stayer, publisher, self.pump(publisher))

    @only(version=5)
    def test_dies(self):
        """what a member did not acknowledge goes to another one when its session ends"""
        dying = self.member("dying", hold_acknowledgements=True)
        living = self.member("living")
        publisher = self.client("publisher")
        payloads = self.pump(publisher)
        self.assertTrue(dying.receive())
        dying.abort()
        received = [message.payload for message in living.receive_many(MESSAGES)]
        self.assertEqual(sorted(received), sorted(payloads))
        self.expect_only(living, publisher)

    @only(version=5)
    def test_away(self):
        """a lone member's session keeps the messages while it is away"""
        session = {"clean": False, "session_expiry": 300}
        self.member("lone", **session).disconnect()
        publisher = self.client("publisher")
        payloads = self.pump(publisher)
        back = self.client("lone", **session)
        self.assertTrue(back.session_present)
        self.expect_only(back, publisher, payloads)

    @only(version=5)
    def test_retained(self):
        """retained messages are not sent to a shared subscription"""
        publisher = self.client("publisher")
        publisher.publish(self.topic("jobs/0"), b"kept", 1, retain=True)
        self.expect_only(self.member("member"), publisher)

    @only(version=5)
    def test_no_local(self):
        """No Local on a shared subscription is a protocol error [MQTT-3.8.3-4]"""
        client = self.client("client")
        with self.assertRaises(Closed) as raised:
            client.subscribe(Filter(self.shared_filter("group"), 1, no_local=True))
        self.assertEqual(raised.exception.reason, 0x82)

    def shared_filter(self, group):
        return f"$share/{self._name}-{group}/{self.topic('jobs/+')}"

    def member(self, name, group="group", **options):
        return self.subscriber(name, Filter(self.shared_filter(group), 1), **options)

    def pump(self, publisher):
        payloads = [f"job {number}".encode() for number in range(MESSAGES)]
        publisher.publish_all(self.topic("jobs/0"), payloads, 1)
        return payloads
