import MQTTProtocol
import Testing

/// §3.3.1.3, §3.8.3.1: retained messages.
@Suite("MQTT 5.0 §3.3.1.3 retain")
struct RetainTests {
  /// The retained messages that a new subscription brings.
  static func retained(_ hub: LiveHub, _ filter: String) throws -> [PublishPacket] {
    let client = try hub.connect()
    try client.subscribe(filter)
    return try client.settle().compactMap(\.message)
  }

  @Test("5.0 [MQTT-3.3.1-5] a retained message is kept with its QoS, and replaced by the next", arguments: QoS.allCases)
  func retainedIsKept(_ qos: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let publisher = try hub.connect()
    try publisher.publish(topic, "old", qos: .atLeastOnce, retain: true)
    try publisher.publish(
      topic, "new", qos: qos, retain: true, properties: [.userProperty("k", "v"), .contentType("c")])
    let messages = try Self.retained(hub, topic)
    #expect(messages.map(\.text) == ["new"])
    #expect(messages.map(\.retain) == [true])
    #expect(messages.map(\.qos) == [qos])
    #expect(messages.first?.properties.userProperties.first?.value == "v")
    #expect(messages.first?.properties.contentType == "c")
  }

  @Test("5.0 [MQTT-3.3.1-6] [MQTT-3.3.1-7] an empty retained message clears, is delivered, and is not kept")
  func emptyClears() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let publisher = try hub.connect()
    try publisher.publish(topic, "kept", retain: true)
    let watcher = try hub.connect()
    try watcher.subscribe(topic)
    #expect(try watcher.requirePublish().text == "kept")
    try publisher.publish(topic, "", retain: true)
    #expect(try watcher.requirePublish().payload == [])
    #expect(try Self.retained(hub, topic).isEmpty)
    try publisher.publish(topic, "", retain: true)
    #expect(try Self.retained(hub, topic).isEmpty)
  }

  @Test(
    "5.0 [MQTT-3.3.1-8] a message without RETAIN is not kept, and touches no retained one", arguments: ["other", ""])
  func unretainedTouchesNothing(_ text: String) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let publisher = try hub.connect()
    try publisher.publish(topic, text)
    #expect(try Self.retained(hub, topic).isEmpty)
    try publisher.publish(topic, "kept", retain: true)
    try publisher.publish(topic, text)
    #expect(try Self.retained(hub, topic).map(\.text) == ["kept"])
  }

  @Test("5.0 [MQTT-3.3.1-9] [MQTT-3.3.2-3] every retained message that a filter matches is sent, by wildcards too")
  func wildcardsFindRetained() async throws {
    let hub = try await LiveHub.shared()
    let root = Unique.name()
    let publisher = try hub.connect()
    for topic in ["a", "a/b", "a/b/c", "x/b"] { try publisher.publish("\(root)/\(topic)", topic, retain: true) }
    #expect(Set(try Self.retained(hub, "\(root)/#").map(\.text)) == ["a", "a/b", "a/b/c", "x/b"])
    #expect(Set(try Self.retained(hub, "\(root)/+/b").map(\.text)) == ["a/b", "x/b"])
    #expect(try Self.retained(hub, "\(root)/a/+/c").map(\.text) == ["a/b/c"])
    #expect(try Self.retained(hub, "\(root)/a/b/c/d").isEmpty)
  }

  @Test(
    """
    5.0 [MQTT-3.3.1-9] [MQTT-3.3.1-10] [MQTT-3.3.1-11] [MQTT-3.8.4-4] Retain Handling decides, for a new subscription \
    and for one that was there
    """,
    arguments: RetainHandling.allCases)
  func retainHandling(_ handling: RetainHandling) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    try hub.connect().publish(topic, "kept", retain: true)
    let client = try hub.connect()
    let subscription = Subscription(filter: topic, qos: .atMostOnce, retainHandling: handling)
    let expected: [RetainHandling: (first: Int, again: Int)] = [
      .sendAtSubscribe: (1, 1), .sendIfNew: (1, 0), .doNotSend: (0, 0),
    ]
    try client.subscribe([subscription])
    #expect(try client.settle().compactMap(\.message).count == expected[handling]?.first)
    try client.subscribe([subscription])
    #expect(try client.settle().compactMap(\.message).count == expected[handling]?.again)
    // Gone and back, it is new again.
    try client.unsubscribe(topic)
    try client.subscribe([subscription])
    #expect(try client.settle().compactMap(\.message).count == expected[handling]?.first)
  }

  @Test("5.0 [MQTT-3.3.1-10] a subscription that a resumed session has is not new")
  func resumedSubscriptionIsNotNew() throws {
    let hub = VirtualHub()
    hub.connect("publisher").publish("t", "kept", retain: true)
    let lasting: Properties = [.sessionExpiryInterval(100)]
    let client = hub.connect("client", properties: lasting)
    try client.subscribe("t")
    #expect(client.takeTexts() == ["kept"])
    client.lose()
    let again = hub.connect("client", clean: false, properties: lasting)
    again.send(
      .subscribe(
        SubscribePacket(
          packetIdentifier: 1,
          subscriptions: [Subscription(filter: "t", qos: .exactlyOnce, retainHandling: .sendIfNew)])))
    #expect(again.takeTexts() == [])
  }

  @Test(
    "5.0 [MQTT-3.3.1-12] [MQTT-3.3.1-13] Retain As Published decides on the flag of what is forwarded",
    arguments: [false, true], [false, true])
  func retainAsPublished(_ asPublished: Bool, _ retain: Bool) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect()
    try client.subscribe([Subscription(filter: topic, qos: .atLeastOnce, retainAsPublished: asPublished)])
    try hub.connect().publish(topic, qos: .atLeastOnce, retain: retain)
    #expect(try client.requirePublish().retain == (asPublished && retain))
  }

  @Test(
    "5.0 [MQTT-3.3.1-9] what a new subscription brings is marked as retained, whatever Retain As Published says",
    arguments: [false, true])
  func retainedIsMarked(_ asPublished: Bool) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    try hub.connect().publish(topic, retain: true)
    let client = try hub.connect()
    try client.subscribe([Subscription(filter: topic, qos: .atLeastOnce, retainAsPublished: asPublished)])
    #expect(try client.requirePublish().retain)
  }

  @Test(
    "5.0 [MQTT-3.8.4-8] a retained message comes at the lower of its QoS and the granted one", arguments: QoS.allCases,
    QoS.allCases)
  func retainedQoS(_ published: QoS, _ granted: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    try hub.connect().publish(topic, qos: published, retain: true)
    let client = try hub.connect()
    try client.subscribe(topic, qos: granted)
    let message = try client.requirePublish()
    #expect(message.qos == min(published, granted))
    #expect(!message.duplicate)
  }

  @Test(
    """
    5.0 [MQTT-3.3.1-5] [MQTT-4.1.0-2] retained messages are no session's: they stay when their publisher's session has \
    ended
    """
  )
  func retainedOutlivesSession() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let publisher = try hub.connect()
    try publisher.publish(topic, "kept", retain: true)
    try publisher.disconnect()
    #expect(try Self.retained(hub, topic).map(\.text) == ["kept"])
  }

  @Test("5.0 [MQTT-3.3.2-5] [MQTT-3.3.2-6] a retained message counts its expiry down and then is gone")
  func retainedExpires() throws {
    let hub = VirtualHub()
    hub.connect("publisher").publish("t", "kept", retain: true, properties: [.messageExpiryInterval(10)])
    hub.advance(seconds: 4)
    let early = hub.connect("early")
    try early.subscribe("t")
    #expect(early.takeMessages().map(\.properties.messageExpiryInterval) == [6])
    hub.advance(seconds: 7)
    let late = hub.connect("late")
    try late.subscribe("t")
    #expect(late.takeMessages() == [])
  }
}
