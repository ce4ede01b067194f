import MQTTProtocol
import Testing

/// §1.5.5, §2: what all packets have in common.
@Suite("MQTT 5.0 §2 packet format")
struct PacketFormatTests {
  struct Malformed: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
  }

  @Test(
    "5.0 [MQTT-1.5.5-1] an integer in more bytes than it needs is malformed",
    arguments: [
      Malformed(testDescription: "remaining length", bytes: [0xC0, 0x80, 0x00]),
      Malformed(
        testDescription: "remaining length of PUBLISH", bytes: [0x30, 0x84, 0x00, 0x00, 0x01, 0x61, 0x00]),
      Malformed(testDescription: "property length", bytes: Wire.packet(0x30, Wire.string("a"), [0x80, 0x00])),
      Malformed(
        testDescription: "Subscription Identifier",
        bytes: Wire.packet(0x82, [0, 1], Wire.properties([0x0B, 0x81, 0x00]), Wire.string("a"), [0])),
    ])
  func overlongIntegerIsRefused(_ packet: Malformed) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(packet.bytes)
    try client.expectDisconnect(.malformedPacket)
  }

  @Test("5.0 [MQTT-1.5.5-1] a remaining length of five bytes is malformed")
  func fiveByteLengthIsRefused() async throws {
    let client = try await LiveHub.shared().connect()
    try client.send([0x30, 0x80, 0x80, 0x80, 0x80, 0x01])
    try client.expectDisconnect(.malformedPacket)
  }

  @Test(
    "5.0 [MQTT-1.5.5-1] the server writes lengths in the fewest bytes", arguments: [126, 127, 128, 129, 16_383, 16_384])
  func lengthsAreMinimal(_ remainingLength: Int) async throws {
    let client = try await LiveHub.shared().connect()
    let topic = Unique.name()
    try client.subscribe(topic)
    // Topic with its length, and a property length of one byte.
    let payload = String(repeating: "x", count: remainingLength - topic.utf8.count - 3)
    try client.send(.publish(.make(topic, payload)))
    let bytes = try #require(try client.readPacketBytes())
    #expect(
      Array(bytes.dropFirst().prefix(while: { $0 >= 0x80 })).count + 1
        == Wire.variableByteInteger(remainingLength).count)
    #expect(
      Array(bytes[1...].prefix(Wire.variableByteInteger(remainingLength).count))
        == Wire.variableByteInteger(remainingLength))
  }

  /// First bytes whose low four bits are not the ones of their type (table 2-2).
  static let wrongFlags: [UInt8] = {
    let required: [UInt8: UInt8] = [
      4: 0, 5: 0, 6: 0b0010, 7: 0, 8: 0b0010, 10: 0b0010, 12: 0, 14: 0, 15: 0,
    ]
    return required.sorted { $0.key < $1.key }.flatMap { type, flags in
      [0b0000, 0b0001, 0b0010, 0b0100, 0b1000, 0b1111].filter { $0 != flags }.map { type << 4 | $0 }
    }
  }()

  @Test(
    """
    5.0 [MQTT-2.1.3-1] [MQTT-3.6.1-1] [MQTT-3.8.1-1] [MQTT-3.10.1-1] [MQTT-3.14.1-1] [MQTT-3.15.1-1] \
    reserved flags of another value end the connection
    """, arguments: wrongFlags)
  func reservedFlagsAreChecked(_ first: UInt8) async throws {
    let client = try await LiveHub.shared().connect()
    let bodies: [UInt8: [UInt8]] = [8: [0, 1, 0, 0, 1, 0x61, 0], 10: [0, 1, 0, 0, 1, 0x61], 12: [], 14: [], 15: []]
    try client.send(Wire.packet(first, bodies[first >> 4] ?? [0, 1]))
    try client.expectDisconnect(.malformedPacket)
  }

  @Test("5.0 [MQTT-2.1.3-1] CONNECT with reserved flags is refused", arguments: [0x11, 0x12, 0x1F] as [UInt8])
  func connectFlagsAreChecked(_ first: UInt8) async throws {
    let client = try await LiveHub.shared().open()
    var bytes = Wire.Connect(Wire.string(Unique.name())).bytes
    bytes[0] = first
    try client.send(bytes)
    try client.expectRejected(.malformedPacket)
  }

  @Test(
    "5.0 [MQTT-4.13.1-1] packet types that only a server sends end the connection",
    arguments: [0x20, 0x90, 0xB0, 0xD0, 0x00] as [UInt8])
  func serverPacketsAreRefused(_ first: UInt8) async throws {
    let client = try await LiveHub.shared().connect()
    let bodies: [UInt8: [UInt8]] = [0x20: [0, 0, 0], 0x90: [0, 1, 0, 0], 0xB0: [0, 1, 0, 0]]
    try client.send(Wire.packet(first, bodies[first] ?? []))
    try client.expectDisconnect(.malformedPacket, .protocolError)
  }

  @Test(
    "5.0 [MQTT-2.2.1-3] a packet identifier of 0 is refused",
    arguments: [
      Malformed(testDescription: "PUBLISH QoS 1", bytes: Wire.packet(0x32, Wire.string("a"), [0, 0], [0])),
      Malformed(testDescription: "PUBLISH QoS 2", bytes: Wire.packet(0x34, Wire.string("a"), [0, 0], [0])),
      Malformed(testDescription: "SUBSCRIBE", bytes: Wire.packet(0x82, [0, 0, 0], Wire.string("a"), [0])),
      Malformed(testDescription: "UNSUBSCRIBE", bytes: Wire.packet(0xA2, [0, 0, 0], Wire.string("a"))),
      Malformed(testDescription: "PUBREL", bytes: Wire.packet(0x62, [0, 0])),
    ])
  func zeroPacketIdentifierIsRefused(_ packet: Malformed) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(packet.bytes)
    try client.expectDisconnect(.malformedPacket, .protocolError)
  }

  @Test(
    """
    5.0 [MQTT-2.2.1-2] [MQTT-2.2.2-1] [MQTT-4.3.1-1] a QoS 0 PUBLISH holds no packet identifier, and a property length \
    of zero
    """
  )
  func publishBytes() async throws {
    let client = try await LiveHub.shared().connect()
    let topic = Unique.name()
    try client.subscribe(topic)
    try client.send(.publish(.make(topic, "hello")))
    #expect(try client.readPacketBytes() == Wire.packet(0x30, Wire.string(topic), [0], Array("hello".utf8)))
  }

  @Test("5.0 [MQTT-2.2.2-1] SUBACK and UNSUBACK without properties say so")
  func acknowledgementBytes() async throws {
    let client = try await LiveHub.shared().connect()
    let topic = Wire.string(Unique.name())
    try client.send(Wire.packet(0x82, [0x12, 0x34, 0], topic, [1]))
    #expect(try client.readPacketBytes() == [0x90, 4, 0x12, 0x34, 0, 1])
    try client.send(Wire.packet(0xA2, [0x12, 0x35, 0], topic))
    #expect(try client.readPacketBytes() == [0xB0, 4, 0x12, 0x35, 0, 0])
  }

  @Test(
    """
    5.0 [MQTT-2.2.1-4] [MQTT-4.3.2-1] [MQTT-4.3.3-1] the server gives each unacknowledged message an identifier of its \
    own, never 0
    """
  )
  func serverPacketIdentifiers() async throws {
    let hub = try await LiveHub.shared()
    let subscriber = try hub.connect()
    let publisher = try hub.connect()
    let topic = Unique.name()
    try subscriber.subscribe(topic)
    for number in 0..<50 { try publisher.publish(topic, qos: number % 2 == 0 ? .atLeastOnce : .exactlyOnce) }
    let identifiers = try (0..<50).map { _ in try subscriber.requirePublish().packetIdentifier }
    #expect(Set(identifiers).count == 50)
    #expect(!identifiers.contains(0))
  }

  @Test(
    """
    5.0 [MQTT-2.2.1-4] [MQTT-4.4.0-1] past 65,535 identifiers come around: what is unacknowledged keeps its own, and is \
    sent again in its order
    """
  )
  func serverPacketIdentifiersComeAround() async throws {
    let hub = VirtualHub()
    let lasting: Properties = [.sessionExpiryInterval(100)]
    let subscriber = hub.connect("subscriber", properties: lasting)
    try subscriber.subscribe("t", qos: .atLeastOnce)
    let publisher = hub.connect("publisher")
    publisher.publish("t", "held", qos: .exactlyOnce)
    let held = try #require(subscriber.takeMessages().first?.packetIdentifier)
    var last = held
    // This server counts up, skipping some: on to the last ones, however many messages that takes.
    while last < 65_528 {
      publisher.send(.publish(.make("t", qos: .atLeastOnce, id: 1)))
      let message = try #require(subscriber.takeMessages().first)
      try #require(message.packetIdentifier > last)
      last = message.packetIdentifier
      subscriber.send(.puback(AcknowledgementPacket(packetIdentifier: last)))
    }
    for number in 0..<20 { publisher.publish("t", "\(number)", qos: .atLeastOnce) }
    let sent = subscriber.takeMessages().map(\.packetIdentifier)
    #expect(Set(sent + [held, 0]).count == 22)
    #expect(sent != sent.sorted())
    subscriber.lose()
    let again = hub.connect("subscriber", clean: false, properties: lasting).takeMessages()
    #expect(again.map(\.text) == ["held"] + (0..<20).map(String.init))
    #expect(again.map(\.packetIdentifier) == [held] + sent)
  }

  @Test(
    "5.0 [MQTT-2.2.1-5] [MQTT-2.2.1-6] acknowledgements carry the identifier of what they answer",
    arguments: [1, 255, 256, 65_535] as [UInt16])
  func identifiersAreEchoed(_ identifier: UInt16) async throws {
    let client = try await LiveHub.shared().connect()
    let topic = Unique.name()
    try client.send(.publish(.make(topic, qos: .atLeastOnce, id: identifier)))
    try client.requireAcknowledgement(.puback, identifier)
    try client.send(.publish(.make(topic, qos: .exactlyOnce, id: identifier)))
    try client.requireAcknowledgement(.pubrec, identifier)
    try client.send(.pubrel(AcknowledgementPacket(packetIdentifier: identifier)))
    try client.requireAcknowledgement(.pubcomp, identifier)
    try client.send(
      .subscribe(
        SubscribePacket(packetIdentifier: identifier, subscriptions: [Subscription(filter: topic, qos: .atMostOnce)])))
    #expect(try client.requireSuback().packetIdentifier == identifier)
    try client.send(.unsubscribe(UnsubscribePacket(packetIdentifier: identifier, filters: [topic])))
    #expect(try client.requireUnsuback().packetIdentifier == identifier)
  }
}
