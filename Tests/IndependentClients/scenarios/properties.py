from harness.client import Closed, Filter, Properties
from harness.scenario import Scenario, only


class RequestResponse(Scenario):
    @only(version=5)
    def test_many(self):
        """requests of two clients are answered to each, told apart by their correlation data"""
        responder = self.subscriber("responder", Filter(self.topic("service"), 2))
        requesters = [self.subscriber(f"requester-{n}", Filter(self.topic(f"answers/{n}"), 1)) for n in range(2)]
        for number in range(10):
            for index, requester in enumerate(requesters):
                requester.publish(self.topic("service"), str(number).encode(), 2, properties=Properties(
                    response_topic=self.topic(f"answers/{index}"), correlation_data=bytes([number, 0, 255]),
                    user_properties=[("from", str(index))]))
        for _ in range(20):
            request = responder.receive()
            asked = request.properties
            self.assertEqual(asked.response_topic, self.topic(f"answers/{asked.user_properties[0][1]}"))
            responder.publish(
                asked.response_topic, str(int(request.text) ** 2).encode(), 1, properties=Properties(
                    correlation_data=asked.correlation_data, user_properties=asked.user_properties))
        for index, requester in enumerate(requesters):
            for answer in requester.receive_many(10):
                number = answer.properties.correlation_data[0]
                self.assertEqual(answer.text, str(number ** 2))
                self.assertEqual(answer.properties.correlation_data, bytes([number, 0, 255]))
                self.assertEqual(answer.properties.user_properties, [("from", str(index))])

    @only(version=5)
    def test_response_information(self):
        """a client that asks for response information is told a prefix where it can be answered"""
        responder = self.subscriber("responder", Filter(self.topic("service"), 1))
        requesters = [self.client(f"requester-{n}", request_response_information=True) for n in range(2)]
        prefixes = [requester.connack["response_information"] for requester in requesters]
        self.assertNotEqual(*prefixes)
        for requester, prefix in zip(requesters, prefixes):
            topic = prefix.rstrip("/") + "/answer"
            self.assertEqual(requester.subscribe(Filter(topic, 1)), [1])
            requester.publish(self.topic("service"), b"?", 1, properties=Properties(response_topic=topic))
            responder.publish(responder.receive().properties.response_topic, prefix.encode(), 1)
            self.assertEqual(requester.receive().text, prefix)
        self.assertNotIn("response_information", self.client("modest").connack)


class MessageProperties(Scenario):
    @only(version=5)
    def test_carried(self):
        """all of them arrive as they were sent, user properties in order"""
        properties = Properties(
            content_type="application/json; charset=utf-8", correlation_data=bytes(range(256)),
            payload_format=1, response_topic="somewhere/ünder", user_properties=[
                ("b", "2"), ("a", "1"), ("b", "2"), ("", ""), ("größe", "42 µm")])
        client = self.subscriber("client", Filter(self.topic("a"), 2))
        for qos in range(3):
            client.publish(self.topic("a"), b"{}", qos, properties=properties)
            self.assertEqual(client.receive().properties, properties)

    @only(version=5)
    def test_from_older_clients(self):
        """a 3.1.1 client gets the payload of a message with properties, and sends none"""
        for older in ("paho", "gmqtt"):
            family = type(self.family)(older, 4)
            name = f"older-{older}"
            old = self.client(name, family=family)
            new = self.subscriber(f"newer-{older}", Filter(self.topic(f"{older}/up"), 1))
            old.subscribe(Filter(self.topic(f"{older}/down"), 1))
            new.publish(self.topic(f"{older}/down"), b"x", 1, properties=Properties(user_properties=[("a", "b")]))
            self.assertEqual(old.receive().payload, b"x")
            old.publish(self.topic(f"{older}/up"), b"y", 1)
            message = new.receive()
            self.assertEqual((message.payload, message.properties), (b"y", Properties()))

    @only(version=5)
    def test_subscription_identifiers(self):
        """the identifiers of all matching subscriptions arrive, and none of the others"""
        client = self.client("client")
        client.subscribe(Filter(self.topic("a/#"), 1), identifier=7)
        client.subscribe(Filter(self.topic("a/+"), 1), identifier=268_435_455)
        client.subscribe(Filter(self.topic("b"), 1), identifier=9)
        client.subscribe(Filter(self.topic("+"), 1))
        publisher = self.client("publisher")

        def identifiers(topic):
            publisher.publish(self.topic(topic), b"x", 1)
            messages = self.before_fence(client, publisher)
            return sorted(sum((message.properties.subscription_identifiers for message in messages), []))

        self.assertEqual(identifiers("a/b"), [7, 268_435_455])
        self.assertEqual(identifiers("a/b/c"), [7])
        self.assertEqual(identifiers("b"), [9])
        self.assertEqual(identifiers("c"), [])
        client.subscribe(Filter(self.topic("a/#"), 1), identifier=8)
        self.assertEqual(identifiers("a/b/c"), [8])

    @only(version=5)
    def test_expiry(self):
        """a message that does not wait arrives with its expiry interval"""
        client = self.subscriber("client", Filter(self.topic("a"), 1))
        client.publish(self.topic("a"), b"x", 1, properties=Properties(message_expiry=100))
        self.assertIn(client.receive().properties.message_expiry, (99, 100))


class TopicAliases(Scenario):
    @only(version=5)
    def test_to_the_server(self):
        """a client's alias stands for its topic, until it stands for another"""
        client = self.subscriber("client", Filter(self.topic("+"), 1))
        for topic, alias, expected in (
                ("first", 1, "first"), (None, 1, "first"), ("second", 2, "second"), (None, 1, "first"),
                ("third", 1, "third"), (None, 1, "third"), (None, 2, "second")):
            client.publish(
                self.topic(topic) if topic else "", b"x", 1, properties=Properties(topic_alias=alias))
            message = client.receive()
            self.assertEqual(message.topic, self.topic(expected))
            self.assertIsNone(message.properties.topic_alias)

    @only(version=5)
    def test_to_the_client(self):
        """a client that takes aliases gets every topic right"""
        client = self.subscriber("client", Filter(self.topic("#"), 1), topic_alias_maximum=3)
        publisher = self.client("publisher")
        topics = [self.topic(f"level/{number % 7 % 5}") for number in range(60)]
        for topic in topics:
            publisher.publish(topic, topic.encode(), 1)
        received = client.receive_many(len(topics))
        self.assertEqual([message.topic for message in received], topics)
        self.assertEqual([message.text for message in received], topics)
        for message in received:
            self.assertIn(message.properties.topic_alias, (None, 1, 2, 3))

    @only(version=5)
    def test_beyond(self):
        """an alias beyond the server's maximum ends the connection: 0x94"""
        client = self.client("client")
        alias = client.connack["topic_alias_maximum"] + 1
        with self.assertRaises(Closed) as raised:
            client.publish(self.topic("a"), b"x", 1, properties=Properties(topic_alias=alias))
        self.assertEqual(raised.exception.reason, 0x94)
