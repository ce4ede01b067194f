import MQTTProtocol
import Testing

/// §3.4-3.7, §4.3: the exchanges of QoS 1 and 2, in both directions.
@Suite("MQTT 5.0 §4.3 delivery")
struct DeliveryTests {
  static func answer(_ identifier: UInt16, _ reason: ReasonCode = .success) -> AcknowledgementPacket {
    AcknowledgementPacket(packetIdentifier: identifier, reasonCode: reason)
  }

  @Test("5.0 [MQTT-4.3.2-5] after its PUBACK an identifier at QoS 1 stands for a new message, whatever DUP says")
  func qos1IdentifierIsFree() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic)
    let client = try hub.connect()
    for (text, duplicate) in [("1", false), ("2", false), ("3", true)] {
      try client.send(.publish(.make(topic, text, qos: .atLeastOnce, duplicate: duplicate, id: 7)))
      try client.requireAcknowledgement(.puback, 7)
    }
    #expect(try (0..<3).map { _ in try watcher.requirePublish().text } == ["1", "2", "3"])
  }

  @Test(
    "5.0 [MQTT-4.3.3-10] until PUBREL a QoS 2 message with the same identifier is answered, and not delivered again")
  func qos2IsDeliveredOnce() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic, qos: .atMostOnce)
    let client = try hub.connect()
    for duplicate in [false, true, true] {
      try client.send(.publish(.make(topic, "once", qos: .exactlyOnce, duplicate: duplicate, id: 7)))
      #expect(try client.requireAcknowledgement(.pubrec, 7).reasonCode.isError == false)
    }
    #expect(try watcher.requirePublish().text == "once")
    try watcher.expectNothing()
    try client.send(.pubrel(Self.answer(7)))
    try client.requireAcknowledgement(.pubcomp, 7)
    try watcher.expectNothing()
  }

  @Test(
    """
    5.0 [MQTT-3.4.2-1] [MQTT-3.9.3-2] an identifier that a QoS 2 exchange holds is free for other kinds of packet, or \
    refused with 0x91
    """
  )
  func identifierHeldByQoS2() async throws {
    let client = try await LiveHub.shared().connect()
    let topic = Unique.name()
    try client.send(.publish(.make(topic, qos: .exactlyOnce, id: 7)))
    try client.requireAcknowledgement(.pubrec, 7)
    try client.send(.publish(.make(topic, qos: .atLeastOnce, id: 7)))
    let puback = try client.requireAcknowledgement(.puback, 7)
    #expect(!puback.reasonCode.isError || puback.reasonCode == .packetIdentifierInUse)
    try client.send(
      .subscribe(SubscribePacket(packetIdentifier: 7, subscriptions: [Subscription(filter: topic, qos: .atMostOnce)])))
    #expect([.success, .packetIdentifierInUse].contains(try client.requireSuback().reasonCodes.first))
    try client.send(.pubrel(Self.answer(7)))
    #expect(try client.requireAcknowledgement(.pubcomp, 7).reasonCode == .success)
  }

  @Test(
    """
    5.0 [MQTT-4.3.3-8] [MQTT-4.3.3-11] [MQTT-3.3.4-1] many QoS 2 exchanges at once, answered in order, each delivered \
    once
    """
  )
  func manyExchanges() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic, qos: .atMostOnce)
    let client = try hub.connect()
    let identifiers = (1...300).map { UInt16($0) }
    try client.send(
      identifiers.flatMap {
        ControlPacket.publish(.make(topic, "\($0)", qos: .exactlyOnce, id: $0)).encoded(version: .v5)
      })
    for identifier in identifiers { try client.requireAcknowledgement(.pubrec, identifier) }
    try client.send(identifiers.flatMap { ControlPacket.pubrel(Self.answer($0)).encoded(version: .v5) })
    for identifier in identifiers { try client.requireAcknowledgement(.pubcomp, identifier) }
    #expect(try identifiers.map { _ in try watcher.requirePublish().text } == identifiers.map(String.init))
    try watcher.expectNothing()
  }

  @Test("5.0 [MQTT-4.3.3-12] after PUBCOMP the identifier stands for a new message")
  func qos2IdentifierIsFree() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic, qos: .atMostOnce)
    let client = try hub.connect()
    for text in ["1", "2"] {
      try client.send(.publish(.make(topic, text, qos: .exactlyOnce, id: 7)))
      try client.requireAcknowledgement(.pubrec, 7)
      try client.send(.pubrel(Self.answer(7)))
      try client.requireAcknowledgement(.pubcomp, 7)
      #expect(try watcher.requirePublish().text == text)
    }
  }

  @Test("5.0 [MQTT-4.3.3-10] [MQTT-3.1.2-5] the QoS 2 messages that a server has received are part of the session")
  func qos2OutlivesConnection() throws {
    let hub = VirtualHub()
    let watcher = hub.connect("watcher")
    try watcher.subscribe("t", qos: .atMostOnce)
    let lasting: Properties = [.sessionExpiryInterval(100)]
    let client = hub.connect("client", properties: lasting)
    client.send(.publish(.make("t", "once", qos: .exactlyOnce, id: 7)))
    client.lose()
    let again = hub.connect("client", clean: false, properties: lasting)
    again.send(.publish(.make("t", "once", qos: .exactlyOnce, duplicate: true, id: 7)))
    #expect(again.take().map(\.type) == [.pubrec])
    again.send(.pubrel(Self.answer(7)))
    #expect(again.take() == [.pubcomp(Self.answer(7))])
    #expect(watcher.takeTexts() == ["once"])
  }

  @Test(
    """
    5.0 [MQTT-3.5.2-1] [MQTT-3.4.2-1] [MQTT-4.3.3-9] a refused message is answered with an error, and its identifier \
    is free
    """
  )
  func refusedMessage() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic)
    let client = try hub.connect()
    try client.send(.publish(.make("$SYS/no", qos: .atLeastOnce, id: 1)))
    #expect(try client.requireAcknowledgement(.puback, 1).reasonCode == .notAuthorized)
    try client.send(.publish(.make("$SYS/no", qos: .exactlyOnce, id: 2)))
    #expect(try client.requireAcknowledgement(.pubrec, 2).reasonCode == .notAuthorized)
    try client.send(.publish(.make(topic, "new", qos: .exactlyOnce, id: 2)))
    #expect(try client.requireAcknowledgement(.pubrec, 2).reasonCode == .success)
    try client.send(.pubrel(Self.answer(2)))
    try client.requireAcknowledgement(.pubcomp, 2)
    #expect(try watcher.requirePublish().text == "new")
  }

  @Test("5.0 [MQTT-3.7.2-1] [MQTT-4.3.3-11] PUBREL of an unknown identifier is answered with PUBCOMP 0x92")
  func unknownPubrel() async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(.pubrel(Self.answer(99)))
    #expect(try client.requireAcknowledgement(.pubcomp, 99).reasonCode == .packetIdentifierNotFound)
    try client.expectNothing()
  }

  @Test("5.0 [MQTT-3.6.2-1] PUBREC of an unknown identifier is answered with PUBREL 0x92")
  func unknownPubrec() async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(.pubrec(Self.answer(99)))
    #expect(try client.requireAcknowledgement(.pubrel, 99).reasonCode == .packetIdentifierNotFound)
    try client.expectNothing()
  }

  @Test("5.0 [MQTT-4.3.3-4] PUBREC is answered with PUBREL of the same identifier, a repeated one too")
  func pubrelFollowsPubrec() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect()
    try client.subscribe(topic)
    try hub.connect().publish(topic, qos: .exactlyOnce)
    let message = try client.requirePublish()
    for _ in 0..<2 {
      try client.send(.pubrec(Self.answer(message.packetIdentifier)))
      #expect(try client.requireAcknowledgement(.pubrel, message.packetIdentifier).reasonCode == .success)
    }
    try client.send(.pubcomp(Self.answer(message.packetIdentifier)))
    try client.expectNothing()
  }

  @Test("5.0 [MQTT-4.3.3-4] [MQTT-4.4.0-2] a PUBREC with an error ends the exchange: no PUBREL")
  func noPubrelAfterError() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect()
    try client.subscribe(topic)
    try hub.connect().publish(topic, qos: .exactlyOnce)
    try client.send(.pubrec(Self.answer(try client.requirePublish().packetIdentifier, .quotaExceeded)))
    try client.expectNothing()
  }

  @Test(
    """
    5.0 [MQTT-3.4.2-1] [MQTT-3.5.2-1] [MQTT-3.6.2-1] [MQTT-3.7.2-1] [MQTT-4.13.1-1] reason codes that a packet may not \
    carry end the connection
    """,
    arguments: [0x40, 0x50, 0x62, 0x70] as [UInt8], [0x01, 0x7F, 0x8E, 0xFF] as [UInt8])
  func invalidReasonCode(_ first: UInt8, _ reason: UInt8) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(Wire.packet(first, [0, 1, reason, 0]))
    try client.expectDisconnect(.malformedPacket, .protocolError)
  }

  @Test(
    "5.0 [MQTT-2.2.2-1] acknowledgements may say success by nothing at all, or by a code without properties",
    arguments: [[], [0], [0, 0]] as [[UInt8]])
  func shortAcknowledgements(_ rest: [UInt8]) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect(properties: [.receiveMaximum(1)])
    try client.subscribe(topic)
    let publisher = try hub.connect()
    for qos in [QoS.atLeastOnce, .exactlyOnce, .atLeastOnce] { try publisher.publish(topic, qos: qos) }
    let first = try client.requirePublish()
    try client.send(Wire.packet(0x40, Wire.uint16(first.packetIdentifier), rest))
    let second = try client.requirePublish()
    try client.send(Wire.packet(0x50, Wire.uint16(second.packetIdentifier), rest))
    try client.requireAcknowledgement(.pubrel, second.packetIdentifier)
    try client.send(Wire.packet(0x70, Wire.uint16(second.packetIdentifier), rest))
    _ = try client.requirePublish()
    try client.send(.publish(.make(Unique.name(), qos: .exactlyOnce, id: 5)))
    try client.requireAcknowledgement(.pubrec, 5)
    try client.send(Wire.packet(0x62, [0, 5], rest))
    try client.requireAcknowledgement(.pubcomp, 5)
  }

  @Test("5.0 [MQTT-4.3.2-3] [MQTT-4.3.3-3] an unknown PUBACK or PUBCOMP acknowledges nothing and disturbs nothing")
  func unknownAcknowledgements() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect(properties: [.receiveMaximum(1)])
    try client.subscribe(topic, qos: .atLeastOnce)
    let publisher = try hub.connect()
    for _ in 0..<2 { try publisher.publish(topic, qos: .atLeastOnce) }
    let first = try client.requirePublish()
    try client.send(
      .puback(Self.answer(first.packetIdentifier &+ 100)), .pubcomp(Self.answer(first.packetIdentifier &+ 100)))
    try client.expectNothing()
    try client.acknowledge(first)
    _ = try client.requirePublish()
  }
}
