import MQTTProtocol
import Testing

@Suite("MQTT 3.1.1: strings")
struct String311Tests {
  /// No UTF-8, or none that MQTT allows.
  static let illFormed: [[UInt8]] = [
    [0xFF], [0xC3, 0x28], [0x61, 0xE2, 0x82], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
    [0xF4, 0x90, 0x80, 0x80],
  ]
  static let withNull: [[UInt8]] = [[0], [0x61, 0, 0x62], [0x61, 0]]

  @Test(
    "3.1.1 [MQTT-1.5.3-1] [MQTT-1.5.3-2] [MQTT-3.1.3-4] [MQTT-3.1.3-10] [MQTT-3.1.3-11] in CONNECT",
    arguments: illFormed + withNull)
  func inConnect(bad: [UInt8]) async throws {
    let hub = try await LiveHub.shared()
    for connect in Self.connects(with: bad) { try hub.sent311(connect).expectClosed() }
  }

  /// A CONNECT for each place where it has a string.
  private static func connects(with text: [UInt8]) -> [[UInt8]] {
    let name = Wire.string(Unique.name())
    let field = Wire.binary(text)
    return [
      Wire.connect311(field), Wire.connect311(flags: 0b110, name, field, Wire.string("will")),
      Wire.connect311(flags: 0b1000_0010, name, field),
    ]
  }

  @Test(
    "3.1.1 [MQTT-1.5.3-1] [MQTT-1.5.3-2] [MQTT-3.3.2-1] [MQTT-3.8.3-1] [MQTT-3.10.3-1] [MQTT-4.7.3-2] in topics",
    arguments: illFormed + withNull)
  func inTopics(bad: [UInt8]) async throws {
    let hub = try await LiveHub.shared()
    for packet in Self.packets(with: bad) { try hub.client311().expectClosed(after: packet) }
  }

  private static func packets(with topic: [UInt8]) -> [[UInt8]] {
    [Wire.publish311(topic, flags: 0b010, id: 1), Wire.subscribe311(topic), Wire.unsubscribe311(topic)]
  }

  @Test(
    "3.1.1 the same packets are taken with text that is well-formed",
    arguments: ["a", "\u{7F}", "\u{80}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}"])
  func wellFormed(text: String) async throws {
    let hub = try await LiveHub.shared()
    let text = [UInt8](text: Unique.name() + text)
    for connect in Self.connects(with: text) {
      #expect(try hub.sent311(connect).requireConnack().reasonCode == .success)
    }
    let client = try hub.client311()
    for packet in Self.packets(with: text) { try client.send(packet) }
    // In which order is left open.
    #expect(Set(try client.settle().map(\.type)) == [.puback, .suback, .unsuback])
  }

  @Test("3.1.1 [MQTT-1.5.3-3] a byte order mark is a character of the topic")
  func byteOrderMark() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.client311()
    try client.send(Wire.subscribe311([0xEF, 0xBB, 0xBF] + topic.utf8))
    #expect(try client.requireSuback().reasonCodes == [.success])
    let publisher = try hub.client311()
    try publisher.publish(topic, "without")
    try publisher.send(Wire.publish311([0xEF, 0xBB, 0xBF] + topic.utf8, "with"))
    let message = try client.requirePublish()
    #expect(message.topic == [0xEF, 0xBB, 0xBF] + topic.utf8)
    #expect(message.text == "with")
  }

  @Test("3.1.1 [MQTT-1.5.3-3] a byte order mark is a character of the client identifier")
  func byteOrderMarkInName() async throws {
    let hub = try await LiveHub.shared()
    let name = Unique.name()
    let plain = try hub.client311(name)
    let marked = try hub.client311("\u{FEFF}" + name)
    try plain.expectNothing()
    try marked.expectNothing()
  }
}
