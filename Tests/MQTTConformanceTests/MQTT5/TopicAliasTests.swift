import MQTTProtocol
import Testing

/// §3.3.2.3.4: numbers for topics.
@Suite("MQTT 5.0 §3.3.2.3.4 topic alias")
struct TopicAliasTests {
  /// PUBLISH by alias; with no topic it means the one that was given before.
  static func publish(_ topic: String, _ alias: UInt16, _ text: String) -> ControlPacket {
    .publish(.make(topic, text, properties: [.topicAlias(alias)]))
  }

  @Test("5.0 [MQTT-3.3.2-12] every alias up to the server's maximum is accepted, and may be given anew")
  func everyAlias() async throws {
    let hub = try await LiveHub.shared()
    let root = Unique.name()
    let client = try hub.connect()
    let maximum = try #require(client.connack?.properties.topicAliasMaximum)
    try client.subscribe("\(root)/#")
    for alias in 1...maximum { try client.send(Self.publish("\(root)/\(alias)", alias, "named")) }
    for alias in 1...maximum { try client.send(Self.publish("", alias, "by alias")) }
    try client.send(Self.publish("\(root)/other", 1, "anew"), Self.publish("", 1, "by alias"))
    let messages = try client.settle().compactMap(\.message)
    let named = (1...maximum).map { "\(root)/\($0)" }
    #expect(messages.map(\.topicText) == named + named + ["\(root)/other", "\(root)/other"])
    #expect(messages.map(\.properties.topicAlias) == Array(repeating: nil, count: messages.count))
  }

  @Test(
    """
    5.0 [MQTT-3.3.2-8] [MQTT-3.3.2-9] [MQTT-3.2.2-17] [MQTT-4.13.1-1] alias 0, and one past the maximum, end the \
    connection with 0x94
    """,
    arguments: [0, 1] as [UInt16])
  func aliasOutOfRange(_ past: UInt16) async throws {
    let client = try await LiveHub.shared().connect()
    let maximum = client.connack?.properties.topicAliasMaximum ?? 0
    try client.send(Self.publish(Unique.name(), past == 0 ? 0 : maximum + past, "x"))
    try client.expectDisconnect(.topicAliasInvalid)
  }

  @Test(
    """
    5.0 [MQTT-3.3.2-9] [MQTT-4.13.1-1] an alias that stands for nothing yet, and neither topic nor alias, are protocol \
    errors
    """
  )
  func unknownAlias() async throws {
    let hub = try await LiveHub.shared()
    let client = try hub.connect()
    try client.send(Self.publish("", 2, "x"))
    try client.expectDisconnect(.protocolError, .topicAliasInvalid)
    let other = try hub.connect()
    try other.send(.publish(.make("")))
    try other.expectDisconnect(.protocolError, .topicNameInvalid, .malformedPacket)
  }

  @Test("5.0 [MQTT-3.3.2-7] aliases end with the connection, also where the session goes on")
  func aliasesEndWithConnection() async throws {
    let hub = try await LiveHub.shared()
    let name = Unique.name()
    let lasting: Properties = [.sessionExpiryInterval(60)]
    let client = try hub.connect(name, properties: lasting)
    try client.send(Self.publish(Unique.name(), 1, "x"))
    try client.disconnect()
    let again = try hub.connect(name, clean: false, properties: lasting)
    try again.send(Self.publish("", 1, "x"))
    try again.expectDisconnect(.protocolError, .topicAliasInvalid)
  }

  @Test("5.0 [MQTT-3.3.2-12] each client has aliases of its own, and they serve every QoS")
  func aliasesAreTheClients() async throws {
    let hub = try await LiveHub.shared()
    let topics = [Unique.name(), Unique.name()]
    let watcher = try hub.connect()
    for topic in topics { try watcher.subscribe(topic, qos: .atMostOnce) }
    for topic in topics {
      let client = try hub.connect()
      try client.publish(topic, qos: .exactlyOnce, properties: [.topicAlias(1)])
      try client.publish("", qos: .atLeastOnce, properties: [.topicAlias(1)])
      #expect(try (0..<2).map { _ in try watcher.requirePublish().topicText } == [topic, topic])
    }
  }

  @Test(
    "5.0 [MQTT-3.1.2-27] [MQTT-3.3.2-11] a client that grants no alias is sent none",
    arguments: [[], [.topicAliasMaximum(0)]] as [Properties])
  func noAliasGranted(_ properties: Properties) async throws {
    let client = try await LiveHub.shared().connect(properties: properties)
    let topic = Unique.name()
    try client.subscribe(topic)
    for _ in 0..<20 {
      try client.send(.publish(.make(topic)))
      let message = try client.requirePublish()
      #expect(message.topicText == topic)
      #expect(message.properties.topicAlias == nil)
    }
  }

  @Test(
    """
    5.0 [MQTT-3.1.2-26] [MQTT-3.3.2-11] [MQTT-3.3.2-8] aliases to a client are 1 to its maximum, and mean what was \
    said
    """,
    arguments: [1, 3] as [UInt16])
  func aliasesGranted(_ maximum: UInt16) async throws {
    let hub = try await LiveHub.shared()
    let root = Unique.name()
    let client = try hub.connect(properties: [.topicAliasMaximum(maximum)])
    try client.subscribe("\(root)/#")
    let publisher = try hub.connect()
    var known: [UInt16: String] = [:]
    for number in 0..<60 {
      let topic = "\(root)/\(number * 7 % 5)"
      try publisher.publish(topic, qos: QoS.allCases[number % 3])
      let message = try client.requirePublish()
      var meant = message.topicText
      if let alias = message.properties.topicAlias {
        #expect((1...maximum).contains(alias))
        if meant.isEmpty { meant = known[alias] ?? "" } else { known[alias] = meant }
      }
      #expect(meant == topic)
      try client.acknowledge(message)
    }
  }

  @Test("5.0 [MQTT-3.3.2-7] a message that is sent again on a new connection names its topic anew")
  func redeliveryNamesTopic() throws {
    let hub = VirtualHub()
    let properties: Properties = [.sessionExpiryInterval(100), .topicAliasMaximum(10)]
    let client = hub.connect("client", properties: properties)
    try client.subscribe("topic", qos: .atLeastOnce)
    let publisher = hub.connect("publisher")
    for _ in 0..<3 { publisher.publish("topic", qos: .atLeastOnce) }
    #expect(client.takeMessages().count == 3)
    client.lose()
    let again = hub.connect("client", clean: false, properties: properties)
    var known: [UInt16: String] = [:]
    let messages = again.takeMessages()
    #expect(messages.count == 3)
    for message in messages {
      if let alias = message.properties.topicAlias, !message.topic.isEmpty { known[alias] = message.topicText }
      let meant = message.topic.isEmpty ? message.properties.topicAlias.flatMap { known[$0] } : message.topicText
      #expect(meant == "topic")
    }
  }
}
