import MQTTProtocol
import Testing

/// §3.3.4: one message, several subscriptions of one client.
@Suite("MQTT 5.0 §3.3.4 overlapping subscriptions")
struct OverlapTests {
  @Test(
    "5.0 [MQTT-3.3.4-2] overlapping subscriptions deliver at the highest granted QoS, once", arguments: QoS.allCases)
  func highestQoS(_ published: QoS) async throws {
    let hub = try await LiveHub.shared()
    let root = Unique.name()
    let client = try hub.connect()
    try client.subscribe("\(root)/#", qos: .atMostOnce)
    try client.subscribe("\(root)/a", qos: .exactlyOnce)
    try client.subscribe("\(root)/+", qos: .atLeastOnce)
    try hub.connect().publish("\(root)/a", qos: published)
    let message = try client.requirePublish()
    #expect(message.qos == published)
    try client.acknowledge(message)
    try client.expectNothing()
  }

  @Test(
    """
    5.0 [MQTT-3.3.4-3] [MQTT-3.3.4-4] [MQTT-3.3.4-5] the one copy has the identifiers of all subscriptions that \
    matched
    """
  )
  func allIdentifiers() async throws {
    let hub = try await LiveHub.shared()
    let root = Unique.name()
    let client = try hub.connect()
    try client.subscribe("\(root)/#", qos: .atMostOnce, identifier: 1)
    try client.subscribe("\(root)/a", qos: .atLeastOnce, identifier: 268_435_455)
    try client.subscribe("\(root)/+", qos: .atLeastOnce)
    try client.subscribe("\(root)/b", qos: .atLeastOnce, identifier: 3)
    let publisher = try hub.connect()
    try publisher.publish("\(root)/a", qos: .atLeastOnce, properties: [.userProperty("k", "v")])
    let message = try client.requirePublish()
    #expect(message.subscriptionIdentifiers == [1, 268_435_455])
    #expect(message.properties.userProperties.first?.value == "v")
    #expect(message.qos == .atLeastOnce)
    try publisher.publish("\(root)/b")
    #expect(try client.requirePublish().subscriptionIdentifiers == [1, 3])
    try client.expectNothing()
  }

  @Test("5.0 [MQTT-3.3.4-3] every client has its own identifiers in its copy")
  func identifiersAreTheClients() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let clients = try (0..<3).map { _ in try hub.connect() }
    try clients[0].subscribe(topic, identifier: 10)
    try clients[1].subscribe(topic, identifier: 20)
    try clients[2].subscribe(topic)
    try hub.connect().publish(topic)
    #expect(try clients.map { try $0.requirePublish().subscriptionIdentifiers } == [[10], [20], []])
  }

  @Test("5.0 [MQTT-3.3.4-3] [MQTT-3.8.4-3] a subscription made anew has the new identifier, or none")
  func identifierIsReplaced() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect()
    try client.subscribe(topic, identifier: 1)
    try client.subscribe(topic, identifier: 2)
    let publisher = try hub.connect()
    try publisher.publish(topic)
    #expect(try client.requirePublish().subscriptionIdentifiers == [2])
    try client.subscribe(topic)
    try publisher.publish(topic)
    #expect(try client.requirePublish().subscriptionIdentifiers == [])
  }

  @Test("5.0 [MQTT-3.3.4-3] all filters of one SUBSCRIBE share its identifier; retained messages have it too")
  func identifierOfManyFilters() async throws {
    let hub = try await LiveHub.shared()
    let root = Unique.name()
    let publisher = try hub.connect()
    try publisher.publish("\(root)/a", retain: true)
    let client = try hub.connect()
    try client.subscribe(
      [Subscription(filter: "\(root)/a", qos: .atMostOnce), Subscription(filter: "\(root)/b", qos: .atMostOnce)],
      properties: [.subscriptionIdentifier(9)])
    #expect(try client.requirePublish().subscriptionIdentifiers == [9])
    try publisher.publish("\(root)/b")
    #expect(try client.requirePublish().subscriptionIdentifiers == [9])
  }

  @Test(
    "5.0 [MQTT-3.3.4-3] identifiers stay with their subscriptions when the session is resumed, and go on what was kept")
  func identifiersOutliveConnection() throws {
    let hub = VirtualHub()
    let lasting: Properties = [.sessionExpiryInterval(100)]
    let client = hub.connect("client", properties: lasting)
    client.send(
      .subscribe(
        SubscribePacket(
          packetIdentifier: 1, subscriptions: [Subscription(filter: "t", qos: .atLeastOnce)],
          properties: [.subscriptionIdentifier(5)])))
    client.lose()
    let publisher = hub.connect("publisher")
    publisher.publish("t", "kept", qos: .atLeastOnce)
    let again = hub.connect("client", clean: false, properties: lasting)
    publisher.publish("t", "new", qos: .atLeastOnce)
    let messages = again.takeMessages()
    #expect(messages.map(\.text) == ["kept", "new"])
    #expect(messages.map(\.subscriptionIdentifiers) == [[5], [5]])
  }

  @Test("5.0 [MQTT-3.8.3-3] No Local keeps a client's own messages from it, and nobody else's")
  func noLocal() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect()
    try client.subscribe([Subscription(filter: topic, qos: .atLeastOnce, noLocal: true)])
    try client.publish(topic, "own", qos: .atLeastOnce)
    try client.expectNothing()
    try hub.connect().publish(topic, "other's", qos: .atLeastOnce)
    #expect(try client.requirePublish().text == "other's")
  }

  @Test("5.0 [MQTT-3.8.3-3] [MQTT-3.3.4-2] No Local of one subscription does not silence another that matches")
  func noLocalIsTheSubscriptions() async throws {
    let hub = try await LiveHub.shared()
    let root = Unique.name()
    let client = try hub.connect()
    try client.subscribe([Subscription(filter: "\(root)/a", qos: .exactlyOnce, noLocal: true)])
    try client.subscribe("\(root)/#", qos: .atMostOnce)
    try client.send(.publish(.make("\(root)/a", qos: .atLeastOnce, id: 100)))
    let packets = try client.settle()
    #expect(packets.compactMap(\.message).map(\.qos) == [.atMostOnce])
  }

  @Test(
    """
    5.0 [MQTT-3.8.3-3] the ClientID counts, not the connection: what was published before a reconnection is one's own \
    still
    """
  )
  func noLocalByClientIdentifier() throws {
    let hub = VirtualHub()
    let lasting: Properties = [.sessionExpiryInterval(100)]
    let client = hub.connect("client", will: WillTests.will("t", qos: .atLeastOnce), properties: lasting)
    client.send(
      .subscribe(
        SubscribePacket(
          packetIdentifier: 1, subscriptions: [Subscription(filter: "t", qos: .atLeastOnce, noLocal: true)])))
    client.publish("t", "own", qos: .atLeastOnce)
    client.lose()
    #expect(hub.connect("client", clean: false, properties: lasting).takeMessages().filter { $0.text == "own" } == [])
  }
}

extension PublishPacket {
  /// In ascending order: theirs is not significant.
  var subscriptionIdentifiers: [UInt32] {
    properties.items.compactMap { if case .subscriptionIdentifier(let value) = $0 { value } else { nil } }.sorted()
  }
}
