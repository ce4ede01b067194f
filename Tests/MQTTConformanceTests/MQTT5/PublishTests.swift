import MQTTProtocol
import Testing

/// §3.3: PUBLISH, its flags, topic and properties.
@Suite("MQTT 5.0 §3.3 PUBLISH")
struct PublishTests {
  @Test("5.0 [MQTT-3.3.1-4] both QoS bits set is malformed", arguments: [0x36, 0x37, 0x3E, 0x3F] as [UInt8])
  func qos3(_ first: UInt8) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(Wire.packet(first, Wire.string("t"), [0, 1], [0]))
    try client.expectDisconnect(.malformedPacket)
  }

  @Test("5.0 [MQTT-3.3.1-2] [MQTT-4.3.1-1] DUP at QoS 0 is refused, or at least not passed on")
  func duplicateAtQoS0() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic)
    let client = try hub.connect()
    try client.send(Wire.packet(0x38, Wire.string(topic), [0]))
    let answer = try? client.settle()
    if answer != nil { #expect(try watcher.requirePublish().duplicate == false) }
    try watcher.expectNothing()
  }

  @Test(
    "5.0 [MQTT-3.3.1-3] [MQTT-4.3.2-2] [MQTT-4.3.3-2] DUP is not passed on: a first delivery has it 0",
    arguments: [QoS.atLeastOnce, .exactlyOnce])
  func duplicateIsNotPassedOn(_ qos: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic)
    let client = try hub.connect()
    try client.send(.publish(.make(topic, qos: qos, duplicate: true, id: 9)))
    try client.requireAcknowledgement(qos == .atLeastOnce ? .puback : .pubrec, 9)
    if qos == .exactlyOnce {
      try client.send(.pubrel(AcknowledgementPacket(packetIdentifier: 9)))
      try client.requireAcknowledgement(.pubcomp, 9)
    }
    let message = try watcher.requirePublish()
    #expect(message.qos == qos)
    #expect(!message.duplicate)
  }

  @Test(
    """
    5.0 [MQTT-3.3.2-2] [MQTT-4.7.0-1] [MQTT-4.7.3-1] a topic name with a wildcard, or none at all, ends the connection
    """,
    arguments: ["a/+", "#", "a/#/b", "a+", "a#b", "+", ""])
  func invalidTopicName(_ topic: String) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(.publish(.make(topic)))
    try client.expectDisconnect(.topicNameInvalid, .malformedPacket, .protocolError)
  }

  @Test(
    "5.0 [MQTT-3.3.2-2] [MQTT-3.1.4-1] a will topic with a wildcard, or none at all, is refused",
    arguments: ["a/+", "#", ""])
  func invalidWillTopic(_ topic: String) async throws {
    let client = try await LiveHub.shared().open()
    try client.send(
      .connect(ConnectPacket(version: .v5, clientIdentifier: Unique.name(), will: WillTests.will(topic))))
    try client.expectRejected(.topicNameInvalid, .malformedPacket, .protocolError)
  }

  @Test("5.0 [MQTT-3.3.2-1] a PUBLISH whose topic is cut short is malformed")
  func topicCutShort() async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(Wire.packet(0x30, [0, 9, 0x61]))
    try client.expectDisconnect(.malformedPacket)
  }

  @Test(
    """
    5.0 [MQTT-3.3.2-4] [MQTT-3.3.2-15] [MQTT-3.3.2-16] [MQTT-3.3.2-17] [MQTT-3.3.2-18] [MQTT-3.3.2-20] properties are \
    passed on unaltered, User Properties in order
    """, arguments: QoS.allCases, [UInt8(0), 1])
  func propertiesArePassedOn(_ qos: QoS, _ format: UInt8) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watchers = try (0..<2).map { _ in try hub.connect() }
    for watcher in watchers { try watcher.subscribe("\(topic)/+") }
    let properties: Properties = [
      .userProperty("b", "1"), .payloadFormatIndicator(format), .contentType("text/plain; charset=utf-8"),
      .userProperty("a", ""), .responseTopic("answer/to/ä"), .correlationData([0, 255, 10]), .userProperty("b", "2"),
      .userProperty("", "é"),
    ]
    try hub.connect().publish("\(topic)/x", "text", qos: qos, properties: properties)
    for watcher in watchers {
      let message = try watcher.requirePublish()
      #expect(message.topicText == "\(topic)/x")
      #expect(message.properties.items.filter(\.isUserProperty) == properties.items.filter(\.isUserProperty))
      #expect(message.properties.items.count == properties.items.count)
      for property in properties.items { #expect(message.properties.items.contains(property)) }
    }
  }

  @Test("5.0 [MQTT-3.3.2-4] a Payload Format Indicator that is absent stays absent, and correlation data may be empty")
  func absentStaysAbsent() async throws {
    let client = try await LiveHub.shared().connect()
    let topic = Unique.name()
    try client.subscribe(topic)
    try client.send(.publish(.make(topic, properties: [.correlationData([])])))
    #expect(try client.requirePublish().properties == [.correlationData([])])
  }

  @Test("5.0 [MQTT-3.3.2-14] a Response Topic with a wildcard ends the connection", arguments: ["a/+", "#"])
  func invalidResponseTopic(_ topic: String) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(.publish(.make(Unique.name(), properties: [.responseTopic(topic)])))
    try client.expectDisconnect(.protocolError, .malformedPacket, .topicNameInvalid)
  }

  @Test("5.0 [MQTT-3.3.4-6] a Subscription Identifier from a client is a protocol error")
  func subscriptionIdentifierFromClient() async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(.publish(.make(Unique.name(), properties: [.subscriptionIdentifier(1)])))
    try client.expectDisconnect(.protocolError, .malformedPacket)
  }

  @Test(
    "5.0 [MQTT-3.3.4-1] [MQTT-4.3.2-4] [MQTT-4.3.3-8] [MQTT-4.3.3-11] each QoS has its answer",
    arguments: [true, false])
  func answers(hasSubscriber: Bool) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    if hasSubscriber { try watcher.subscribe(topic) }
    let client = try hub.connect()
    try client.publish(topic, qos: .atMostOnce)
    try client.send(.publish(.make(topic, qos: .atLeastOnce, id: 1)))
    let puback = try client.requireAcknowledgement(.puback, 1)
    #expect(puback.reasonCode == .success || !hasSubscriber && puback.reasonCode == .noMatchingSubscribers)
    try client.send(.publish(.make(topic, qos: .exactlyOnce, id: 2)))
    let pubrec = try client.requireAcknowledgement(.pubrec, 2)
    #expect(pubrec.reasonCode == .success || !hasSubscriber && pubrec.reasonCode == .noMatchingSubscribers)
    try client.send(.pubrel(AcknowledgementPacket(packetIdentifier: 2)))
    #expect(try client.requireAcknowledgement(.pubcomp, 2).reasonCode == .success)
    try client.expectNothing()
  }

  @Test(
    "5.0 [MQTT-3.8.4-8] a message comes at the lower of its QoS and the granted one", arguments: QoS.allCases,
    QoS.allCases)
  func deliveredQoS(_ published: QoS, _ granted: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect()
    try client.subscribe(topic, qos: granted)
    try hub.connect().publish(topic, qos: published)
    #expect(try client.requirePublish().qos == min(published, granted))
  }

  @Test("5.0 [MQTT-3.3.2-4] a payload that is not UTF-8 passes unchecked where the check is off")
  func payloadFormatIsNotChecked() async throws {
    let client = try await LiveHub.shared().connect()
    let topic = Unique.name()
    try client.subscribe(topic)
    try client.send(
      .publish(PublishPacket(topic: Array(topic.utf8), payload: [0xFF], properties: [.payloadFormatIndicator(1)])))
    #expect(try client.requirePublish().payload == [0xFF])
  }
}

extension Property {
  var isUserProperty: Bool {
    if case .userProperty = self { true } else { false }
  }
}
