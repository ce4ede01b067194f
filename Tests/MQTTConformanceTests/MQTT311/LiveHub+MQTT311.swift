import MQTTProtocol
import Testing

extension LiveHub {
  /// A connected client of MQTT 3.1.1.
  func client311(
    _ identifier: String = Unique.name("client"), clean: Bool = true, will: Will? = nil,
    at location: SourceLocation = #_sourceLocation
  ) throws -> RawClient {
    try connect(identifier, version: .v3_1_1, clean: clean, will: will, at: location)
  }

  /// A connection of MQTT 3.1.1 on which only these bytes were sent.
  func sent311(_ bytes: [UInt8], at location: SourceLocation = #_sourceLocation) throws -> RawClient {
    let client = try open(version: .v3_1_1, at: location)
    try client.send(bytes, at: location)
    return client
  }
}

extension RawClient {
  /// Whether CONNACK said that a session was there.
  var isResumed: Bool { connack?.sessionPresent ?? false }

  /// Reads as many messages, and acknowledges none.
  func requirePublishes(_ count: Int, at location: SourceLocation = #_sourceLocation) throws -> [PublishPacket] {
    try (0..<count).map { _ in try requirePublish(at: location) }
  }

  /// Sends bytes, after which the server ends the connection without a word: it has no DISCONNECT in 3.1.1.
  func expectClosed(after bytes: [UInt8], at location: SourceLocation = #_sourceLocation) throws {
    try send(bytes, at: location)
    try expectClosed(at: location)
  }
}

extension Wire {
  /// CONNECT of MQTT 3.1.1; `payload` are its fields, each with its own length.
  static func connect311(
    name: String = "MQTT", level: UInt8 = 4, flags: UInt8 = 0b10, keepAlive: UInt16 = 0, _ payload: [UInt8]...
  ) -> [UInt8] {
    packet(0x10, string(name), [level, flags], uint16(keepAlive), payload.flatMap(\.self))
  }

  static func publish311(_ topic: [UInt8], _ text: String = "x", flags: UInt8 = 0, id: UInt16? = nil) -> [UInt8] {
    packet(0x30 | flags, binary(topic), id.map(uint16) ?? [], Array(text.utf8))
  }

  static func subscribe311(first: UInt8 = 0x82, id: UInt16 = 1, _ filter: [UInt8], options: UInt8 = 0) -> [UInt8] {
    packet(first, uint16(id), binary(filter), [options])
  }

  static func unsubscribe311(first: UInt8 = 0xA2, id: UInt16 = 1, _ filter: [UInt8]) -> [UInt8] {
    packet(first, uint16(id), binary(filter))
  }
}

extension [UInt8] {
  init(text: String) { self = Array(text.utf8) }
}
