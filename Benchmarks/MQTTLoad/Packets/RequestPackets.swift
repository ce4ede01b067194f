/// The packets that a client sends beside its publishes (MQTT 3.1.1).
enum RequestPackets {
  static let ping: [UInt8] = [0xC0, 0]
  static let disconnect: [UInt8] = [0xE0, 0]

  /// A CONNECT with Clean Session.
  static func connect(clientIdentifier: String, keepAlive: UInt16) -> [UInt8] {
    packet(
      0x10,
      [0, 4, 0x4D, 0x51, 0x54, 0x54, 4, 0x02, UInt8(keepAlive >> 8), UInt8(keepAlive & 0xFF)]
        + string(clientIdentifier))
  }

  /// A SUBSCRIBE of one filter with packet identifier 1.
  static func subscribe(_ filter: String, qos: UInt8) -> [UInt8] { packet(0x82, [0, 1] + string(filter) + [qos]) }

  /// A fixed header and what follows it.
  static func packet(_ first: UInt8, _ body: [UInt8]) -> [UInt8] {
    var bytes = [first]
    var length = body.count
    repeat {
      bytes.append(UInt8(length & 0x7F) | (length > 0x7F ? 0x80 : 0))
      length >>= 7
    } while length > 0
    return bytes + body
  }

  /// UTF-8 behind its length in two bytes. Names here are short.
  static func string(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    return [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes
  }
}
