import MQTTProtocol
import Testing

@Suite("MQTT 3.1.1: CONNECT")
struct Connect311Tests {
  @Test(
    "3.1.1 [MQTT-3.1.0-1] [MQTT-3.2.0-1] another first packet closes, unanswered",
    arguments: [
      [0xC0, 0], [0xE0, 0], Wire.publish311([0x61]), Wire.publish311([0x61], flags: 0b010, id: 1),
      Wire.subscribe311([0x61]), Wire.unsubscribe311([0x61]), [0x40, 2, 0, 1], [0x62, 2, 0, 1], [0x20, 2, 0, 0],
    ])
  func firstPacket(packet: [UInt8]) async throws {
    try await LiveHub.shared().sent311(packet).expectClosed()
  }

  @Test("3.1.1 [MQTT-3.1.0-2] [MQTT-4.8.0-1] a second CONNECT closes, and the will is published")
  func secondConnect() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let name = Unique.name()
    let watcher = try hub.client311()
    try watcher.subscribe(topic)
    let client = try hub.client311(name, will: Will(topic: topic, payload: [1], qos: .atMostOnce, retain: false))
    try client.expectClosed(after: Wire.connect311(Wire.string(name)))
    #expect(try watcher.requirePublish().payload == [1])
  }

  @Test(
    "3.1.1 [MQTT-3.1.2-1] another protocol name closes, unanswered", arguments: ["mqtt", "MQTT ", "MQT", "HTTP", ""])
  func protocolName(name: String) async throws {
    let connect = Wire.connect311(name: name, Wire.string(Unique.name()))
    try await LiveHub.shared().sent311(connect).expectClosed()
  }

  @Test(
    "3.1.1 [MQTT-3.1.2-2] [MQTT-3.2.2-4] [MQTT-3.2.2-5] an unsupported level is answered 0x01",
    arguments: [0, 1, 2, 3, 6, 7, 0x7F, 0xFF] as [UInt8])
  func protocolLevel(level: UInt8) async throws {
    let client = try await LiveHub.shared().sent311(Wire.connect311(level: level, Wire.string(Unique.name())))
    #expect(try client.readPacketBytes() == [0x20, 2, 0, 1])
    try client.expectClosed()
  }

  /// What is wrong, and the CONNECT.
  struct Malformed: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let packet: [UInt8]

    init(_ what: String, _ packet: [UInt8]) {
      testDescription = what
      self.packet = packet
    }
  }

  private static let name = Wire.string("name")
  private static let topic = Wire.string("topic")
  private static let text = Wire.string("text")

  static let malformed = [
    Malformed("[MQTT-3.1.2-3] the reserved flag", Wire.connect311(flags: 0b11, name)),
    Malformed("[MQTT-3.1.2-9] a will without topic and message", Wire.connect311(flags: 0b110, name)),
    Malformed("[MQTT-3.1.2-9] a will without message", Wire.connect311(flags: 0b110, name, topic)),
    Malformed("[MQTT-3.1.2-11] a will that no flag announces", Wire.connect311(name, topic, text)),
    Malformed("[MQTT-3.1.2-13] Will QoS 1 without a will", Wire.connect311(flags: 0b0000_1010, name)),
    Malformed("[MQTT-3.1.2-13] Will QoS 2 without a will", Wire.connect311(flags: 0b0001_0010, name)),
    Malformed("[MQTT-3.1.2-15] Will Retain without a will", Wire.connect311(flags: 0b0010_0010, name)),
    Malformed("[MQTT-3.1.2-14] Will QoS 3", Wire.connect311(flags: 0b0001_1110, name, topic, text)),
    Malformed("[MQTT-3.1.2-18] a user name that no flag announces", Wire.connect311(name, text)),
    Malformed("[MQTT-3.1.2-19] no user name", Wire.connect311(flags: 0b1000_0010, name)),
    Malformed(
      "[MQTT-3.1.2-20] a password that no flag announces", Wire.connect311(flags: 0b1000_0010, name, text, text)),
    Malformed("[MQTT-3.1.2-21] no password", Wire.connect311(flags: 0b1100_0010, name, text)),
    Malformed("[MQTT-3.1.2-22] a password without user name", Wire.connect311(flags: 0b0100_0010, name, text)),
    Malformed("[MQTT-3.1.3-3] no client identifier", Wire.connect311()),
    Malformed("[MQTT-3.1.3-3] half a client identifier", Wire.connect311([0, 5, 0x61])),
    Malformed("no keep-alive", Wire.packet(0x10, Wire.string("MQTT"), [4, 2])),
    Malformed("nothing", [0x10, 0]),
    Malformed("an empty will topic", Wire.connect311(flags: 0b110, name, [0, 0], text)),
    Malformed("a will topic with a wildcard", Wire.connect311(flags: 0b110, name, Wire.string("a/#"), text)),
  ]

  @Test(
    """
    3.1.1 [MQTT-3.1.4-1] [MQTT-3.2.2-6] [MQTT-3.1.2-3] [MQTT-3.1.2-9] [MQTT-3.1.2-11] [MQTT-3.1.2-13] [MQTT-3.1.2-14] \
    [MQTT-3.1.2-15] [MQTT-3.1.2-18] [MQTT-3.1.2-19] [MQTT-3.1.2-20] [MQTT-3.1.2-21] [MQTT-3.1.2-22] [MQTT-3.1.3-3] \
    a CONNECT that breaks the rules closes, unanswered
    """, arguments: malformed)
  func isMalformed(connect: Malformed) async throws {
    try await LiveHub.shared().sent311(connect.packet).expectClosed()
  }

  @Test("3.1.1 [MQTT-3.1.3-1] [MQTT-3.1.4-4] [MQTT-3.1.2-9] the fields of the payload come in their order")
  func fieldsInOrder() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.client311()
    try watcher.subscribe(topic)
    let client = try hub.sent311(
      Wire.connect311(
        flags: 0b1100_1110, Wire.string(Unique.name()), Wire.string(topic), Wire.string("gone"), Wire.string("user"),
        Wire.string("password")))
    #expect(try client.readPacketBytes() == [0x20, 2, 0, 0])
    client.closeSocket()
    let will = try watcher.requirePublish()
    #expect(will.text == "gone")
    #expect(will.qos == .atLeastOnce)
  }

  @Test("3.1.1 [MQTT-3.2.0-1] CONNACK is first, whatever was sent meanwhile")
  func connackComesFirst() async throws {
    let topic = [UInt8](text: Unique.name())
    let client = try await LiveHub.shared().sent311(
      Wire.connect311(Wire.string(Unique.name())) + [0xC0, 0] + Wire.subscribe311(topic)
        + Wire.publish311(topic, flags: 0b010, id: 2))
    #expect(try client.requireConnack().reasonCode == .success)
    #expect(try client.read() == .pingresp)
  }

  @Test("3.1.1 [MQTT-3.1.4-5] what follows a refused CONNECT is not processed")
  func nothingFollowsARefusal() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.client311()
    try watcher.subscribe(topic)
    let refused: [(connect: [UInt8], answer: [UInt8]?)] = [
      (Wire.connect311(level: 9, Wire.string(Unique.name())), [0x20, 2, 0, 1]),
      (Wire.connect311(flags: 0, [0, 0]), [0x20, 2, 0, 2]),
      (Wire.connect311(flags: 0b11, Wire.string(Unique.name())), nil),
    ]
    for (connect, answer) in refused {
      let client = try hub.sent311(connect + Wire.publish311(.init(text: topic), flags: 1))
      if let answer { #expect(try client.readPacketBytes() == answer) }
      try client.expectClosed()
    }
    try watcher.expectNothing()
    try watcher.subscribe(topic)
    try watcher.expectNothing()
  }
}
