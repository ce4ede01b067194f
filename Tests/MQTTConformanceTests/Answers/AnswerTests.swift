import MQTTProtocol
import Testing

/// Other codes would do by the specification; the table says which ones the hub gives, and so they are held here.
@Suite("MQTT 5.0: the reason codes that docs/mqtt-conformance.md names")
struct AnswerTests {
  /// A statement, what breaks it, and how DISCONNECT answers.
  struct Fault: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let packet: [UInt8]
    let answer: ReasonCode

    init(_ statement: String, _ packet: [UInt8], _ answer: ReasonCode) {
      testDescription = statement
      self.packet = packet
      self.answer = answer
    }
  }

  private static let topic = Wire.string("a")
  private static let method = Wire.properties([0x15], Wire.string("method"))

  private static func publish(_ topic: [UInt8], first: UInt8 = 0x30, _ properties: [UInt8]...) -> [UInt8] {
    Wire.packet(first, topic, Wire.properties(properties.flatMap(\.self)))
  }

  private static func subscribe(_ filters: [UInt8]..., first: UInt8 = 0x82, id: UInt8 = 1) -> [UInt8] {
    Wire.packet(first, [0, id, 0], filters.flatMap(\.self))
  }

  static let strings = [
    Fault("[MQTT-1.5.4-1]", publish(Wire.binary([0xFF])), .malformedPacket),
    Fault("[MQTT-1.5.4-2] [MQTT-4.7.3-2]", publish(Wire.binary([0])), .malformedPacket),
    Fault("[MQTT-1.5.5-1]", [0xC0, 0x80, 0], .malformedPacket),
    Fault("[MQTT-1.5.5-1] among properties", Wire.packet(0x30, topic, [0x80, 0]), .malformedPacket),
    Fault("[MQTT-3.8.3-1]", subscribe(Wire.binary([0xFF]), [0]), .malformedPacket),
    Fault("[MQTT-3.10.3-1]", subscribe(Wire.binary([0xFF]), first: 0xA2), .malformedPacket),
    Fault("[MQTT-3.3.2-13]", publish(topic, [0x08], Wire.binary([0xFF])), .malformedPacket),
    Fault("[MQTT-3.3.2-19]", publish(topic, [0x03], Wire.binary([0xFF])), .malformedPacket),
  ]

  static let publishes = [
    Fault("[MQTT-2.2.1-3]", Wire.packet(0x32, topic, [0, 0, 0]), .protocolError),
    Fault("[MQTT-3.3.1-2]", publish(topic, first: 0x38), .malformedPacket),
    Fault("[MQTT-3.3.1-4]", Wire.packet(0x36, topic, [0, 1, 0]), .malformedPacket),
    Fault("[MQTT-3.3.2-2] [MQTT-4.7.0-1]", publish(Wire.string("a/#")), .topicNameInvalid),
    Fault("[MQTT-3.3.2-8]", publish(topic, [0x23, 0, 0]), .topicAliasInvalid),
    Fault("[MQTT-3.3.2-9]", publish(topic, [0x23, 0xFF, 0xFF]), .topicAliasInvalid),
    Fault("[MQTT-3.3.2-14]", publish(topic, [0x08], Wire.string("a/#")), .protocolError),
    Fault("[MQTT-3.3.4-6]", publish(topic, [0x0B, 1]), .protocolError),
    Fault("[MQTT-4.7.3-1] name", publish([0, 0]), .protocolError),
    Fault("[MQTT-3.6.1-1]", [0x60, 2, 0, 1], .malformedPacket),
  ]

  static let subscribes = [
    Fault("[MQTT-2.2.1-3]", subscribe(topic, [0], id: 0), .protocolError),
    Fault("[MQTT-3.8.1-1]", subscribe(topic, [0], first: 0x80), .malformedPacket),
    Fault("[MQTT-3.8.3-2]", subscribe(), .protocolError),
    Fault("[MQTT-3.8.3-4]", subscribe(Wire.string("$share/g/a"), [4]), .protocolError),
    Fault("[MQTT-3.8.3-5]", subscribe(topic, [0x40]), .malformedPacket),
    Fault("[MQTT-3.10.1-1]", subscribe(topic, first: 0xA0), .malformedPacket),
    Fault("[MQTT-3.10.3-2]", subscribe(first: 0xA2), .protocolError),
    Fault("[MQTT-4.7.1-1]", subscribe(Wire.string("a#"), [0]), .topicFilterInvalid),
    Fault("[MQTT-4.7.1-2]", subscribe(Wire.string("a+"), [0]), .topicFilterInvalid),
    Fault("[MQTT-4.7.3-1] filter", subscribe([0, 0], [0]), .topicFilterInvalid),
    Fault("[MQTT-4.8.2-1]", subscribe(Wire.string("$share//a"), [0]), .topicFilterInvalid),
    Fault("[MQTT-4.8.2-2]", subscribe(Wire.string("$share/g+/a"), [0]), .topicFilterInvalid),
    Fault("[MQTT-4.8.2-2] no filter", subscribe(Wire.string("$share/g"), [0]), .topicFilterInvalid),
  ]

  static let others = [
    Fault("[MQTT-2.1.3-1]", [0xC1, 0], .malformedPacket),
    Fault("[MQTT-3.14.1-1]", [0xE1, 0], .malformedPacket),
    Fault("[MQTT-3.14.2-1] unknown", [0xE0, 1, 0x77], .malformedPacket),
    Fault("[MQTT-3.14.2-1] a server's", [0xE0, 1, 0x8B], .protocolError),
    Fault("[MQTT-3.15.1-1]", Wire.packet(0xF1, [0x18], method), .malformedPacket),
    Fault("[MQTT-3.15.2-1]", Wire.packet(0xF0, [0x77], method), .malformedPacket),
    Fault("[MQTT-4.12.0-7]", Wire.packet(0xF0, [0x18], method), .protocolError),
    Fault("[MQTT-4.12.1-2]", Wire.packet(0xF0, [0x19], method), .protocolError),
  ]

  @Test("5.0 each fault has the answer that the table gives", arguments: strings + publishes + subscribes + others)
  func areAsSaid(fault: Fault) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(fault.packet)
    try client.expectDisconnect(fault.answer)
  }
}
