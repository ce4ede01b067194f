from harness.client import Will
from harness.families import Family
from harness.scenario import Scenario, heavy, only


class Connecting(Scenario):
    def test_named(self):
        """a named client finds no session"""
        self.assertFalse(self.client("named").session_present)

    @only(library="paho")
    def test_unnamed(self):
        """a client without an identifier is served and, at 5, told its name"""
        first, second = self.client(), self.client()
        if self.family.version == 5:
            names = {client.connack["assigned_client_identifier"] for client in (first, second)}
            self.assertEqual(len(names), 2)
        first.subscribe(self.topic("x"))
        second.publish(self.topic("x"), b"hello", qos=1)
        self.assertEqual(first.receive().payload, b"hello")

    @only(version=5)
    def test_capabilities(self):
        """the CONNACK announces what the server can do"""
        connack = self.client("curious").connack
        for name in ("retain", "wildcard_subscription", "subscription_identifier", "shared_subscription"):
            self.assertEqual(connack.get(f"{name}_available", 1), 1, name)
        self.assertEqual(connack.get("maximum_qos", 2), 2)
        self.assertGreater(connack.get("receive_maximum", 65535), 0)
        self.assertGreater(connack["topic_alias_maximum"], 0)

    def test_take_over(self):
        """a second client of the same identifier takes the first one's place"""
        for version in (4, 5):
            name = f"twin-{version}"
            first = self.client(name)
            self.client(name, family=Family("paho", version))
            # [MQTT-3.1.4-3]
            self.assertEqual(first.closing_reason(), 0x8E if self.family.version == 5 else None)

    @heavy
    def test_keep_alive(self):
        """a client with a short keep-alive stays connected by its pings"""
        # Long enough that a busy machine does not keep the client itself from its pings.
        client = self.client("pinging", keep_alive=4)
        with self.assertRaises(AssertionError):
            client.closing_reason(timeout=7)
        client.publish(self.topic("x"), b"still here", qos=1)

    @only(library="paho")
    def test_silence(self):
        """a client that falls silent is closed after one and a half keep-alives, and its will published"""
        watcher = self.subscriber("watcher", self.topic("will"))
        silent = self.client("silent", keep_alive=1, will=Will(self.topic("will"), b"fell silent"))
        silent.freeze()
        self.assertEqual(watcher.receive().payload, b"fell silent")

    def test_polite_end(self):
        """a client that disconnects and comes back starts afresh"""
        client = self.subscriber("again", self.topic("x"))
        client.disconnect()
        again = self.client("again")
        self.assertFalse(again.session_present)
        again.publish(self.topic("x"), b"for nobody", qos=1)
        self.expect_only(again, again)
