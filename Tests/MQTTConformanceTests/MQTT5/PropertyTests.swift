import MQTTProtocol
import Testing

/// §2.2.2: properties where they may not stand, twice, cut short or out of range.
@Suite("MQTT 5.0 §2.2.2 properties")
struct PropertyTests {
  struct Bad: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let properties: [UInt8]
    /// What the specification calls it.
    var reason = ReasonCode.protocolError
    /// What it may be too, where the specification does not say which.
    var orElse: ReasonCode?
  }

  static let publish = [
    Bad(testDescription: "unknown", properties: [0x7F, 0], reason: .malformedPacket),
    Bad(testDescription: "of CONNECT", properties: [0x11, 0, 0, 0, 1], reason: .malformedPacket),
    Bad(testDescription: "of CONNACK", properties: [0x24, 1], reason: .malformedPacket),
    Bad(testDescription: "value cut short", properties: [0x02, 0, 0], reason: .malformedPacket),
    Bad(testDescription: "Payload Format Indicator twice", properties: [0x01, 0, 0x01, 0]),
    Bad(testDescription: "Message Expiry Interval twice", properties: [0x02, 0, 0, 0, 9, 0x02, 0, 0, 0, 9]),
    Bad(testDescription: "Content Type twice", properties: [0x03, 0, 1, 0x61, 0x03, 0, 1, 0x61]),
    Bad(testDescription: "Response Topic twice", properties: [0x08, 0, 1, 0x61, 0x08, 0, 1, 0x61]),
    Bad(testDescription: "Correlation Data twice", properties: [0x09, 0, 0, 0x09, 0, 0]),
    Bad(testDescription: "Topic Alias twice", properties: [0x23, 0, 1, 0x23, 0, 1]),
    Bad(testDescription: "Payload Format Indicator 2", properties: [0x01, 2], orElse: .malformedPacket),
  ]

  @Test("5.0 [MQTT-4.13.1-1] a PUBLISH with a property it may not have ends the connection", arguments: publish)
  func publishProperties(_ bad: Bad) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(Wire.packet(0x30, Wire.string(Unique.name()), Wire.properties(bad.properties)))
    try client.expectDisconnect(bad.reason, bad.orElse ?? bad.reason)
  }

  static let subscribe = [
    Bad(testDescription: "Subscription Identifier 0", properties: [0x0B, 0]),
    Bad(testDescription: "Subscription Identifier twice", properties: [0x0B, 1, 0x0B, 2]),
    Bad(testDescription: "Topic Alias", properties: [0x23, 0, 1], reason: .malformedPacket),
    Bad(
      testDescription: "Subscription Identifier of five bytes", properties: [0x0B, 0xFF, 0xFF, 0xFF, 0xFF, 1],
      reason: .malformedPacket),
  ]

  @Test("5.0 [MQTT-4.13.1-1] a SUBSCRIBE with a property it may not have ends the connection", arguments: subscribe)
  func subscribeProperties(_ bad: Bad) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(
      Wire.packet(0x82, [0, 1], Wire.properties(bad.properties), Wire.string(Unique.name()), [0]))
    try client.expectDisconnect(bad.reason, bad.orElse ?? bad.reason)
  }

  static let connect = [
    Bad(testDescription: "Receive Maximum 0", properties: [0x21, 0, 0]),
    Bad(testDescription: "Maximum Packet Size 0", properties: [0x27, 0, 0, 0, 0]),
    Bad(testDescription: "Request Response Information 2", properties: [0x19, 2]),
    Bad(testDescription: "Request Problem Information 2", properties: [0x17, 2]),
    Bad(testDescription: "Session Expiry Interval twice", properties: [0x11, 0, 0, 0, 1, 0x11, 0, 0, 0, 1]),
    Bad(testDescription: "Receive Maximum twice", properties: [0x21, 0, 1, 0x21, 0, 1]),
    Bad(testDescription: "Maximum Packet Size twice", properties: [0x27, 0, 0, 1, 0, 0x27, 0, 0, 1, 0]),
    Bad(testDescription: "Topic Alias Maximum twice", properties: [0x22, 0, 1, 0x22, 0, 1]),
    Bad(testDescription: "Authentication Data without Method", properties: [0x16, 0, 1, 0x61]),
    Bad(
      testDescription: "Will Delay Interval outside the will", properties: [0x18, 0, 0, 0, 1], reason: .malformedPacket),
    Bad(testDescription: "Server Keep Alive", properties: [0x13, 0, 1], reason: .malformedPacket),
    Bad(
      testDescription: "length past the packet's end", properties: [0x26, 0, 1, 0x61, 0, 200, 0x61],
      reason: .malformedPacket),
  ]

  @Test("5.0 [MQTT-3.1.4-1] [MQTT-4.13.1-1] a CONNECT with a property it may not have is refused", arguments: connect)
  func connectProperties(_ bad: Bad) async throws {
    let client = try await LiveHub.shared().open()
    var connect = Wire.Connect(Wire.string(Unique.name()))
    connect.properties = Wire.properties(bad.properties)
    try client.send(connect.bytes)
    try client.expectRejected(bad.reason, bad.orElse ?? bad.reason)
  }

  static let will = [
    Bad(testDescription: "Session Expiry Interval", properties: [0x11, 0, 0, 0, 1], reason: .malformedPacket),
    Bad(testDescription: "Topic Alias", properties: [0x23, 0, 1], reason: .malformedPacket),
    Bad(testDescription: "Will Delay Interval twice", properties: [0x18, 0, 0, 0, 1, 0x18, 0, 0, 0, 1]),
    Bad(testDescription: "Payload Format Indicator 2", properties: [0x01, 2], orElse: .malformedPacket),
  ]

  @Test("5.0 [MQTT-3.1.4-1] a will with a property it may not have is refused", arguments: will)
  func willProperties(_ bad: Bad) async throws {
    let client = try await LiveHub.shared().open()
    var connect = Wire.Connect(
      Wire.string(Unique.name()), Wire.properties(bad.properties), Wire.string("will"), Wire.binary([]))
    connect.flags = 0b0000_0110
    try client.send(connect.bytes)
    try client.expectRejected(bad.reason, bad.orElse ?? bad.reason)
  }
}
