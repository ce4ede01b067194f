/// Packets byte by byte, for what no encoder would write.
enum Wire {
  /// A packet from its first byte and the parts of what follows the fixed header, its length computed.
  static func packet(_ first: UInt8, _ parts: [UInt8]...) -> [UInt8] {
    let body = parts.flatMap(\.self)
    return [first] + variableByteInteger(body.count) + body
  }

  /// A two-byte length and the bytes.
  static func binary(_ bytes: [UInt8]) -> [UInt8] { uint16(UInt16(bytes.count)) + bytes }

  static func string(_ text: String) -> [UInt8] { binary(Array(text.utf8)) }

  static func uint16(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

  static func uint32(_ value: UInt32) -> [UInt8] { uint16(UInt16(value >> 16)) + uint16(UInt16(value & 0xFFFF)) }

  static func variableByteInteger(_ value: Int) -> [UInt8] {
    value < 128 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + variableByteInteger(value >> 7)
  }

  /// Properties from the parts of their bytes, the length before them.
  static func properties(_ parts: [UInt8]...) -> [UInt8] {
    let bytes = parts.flatMap(\.self)
    return variableByteInteger(bytes.count) + bytes
  }

  /// A CONNECT whose every field may be wrong.
  struct Connect {
    var protocolName = Array("MQTT".utf8)
    var level: UInt8 = 5
    /// Clean Start alone.
    var flags: UInt8 = 0b0000_0010
    var keepAlive: UInt16 = 0
    /// With their length before them; nil leaves even that out, as before MQTT 5.
    var properties: [UInt8]? = [0]
    /// The payload's fields as they stand, each with its own length.
    var payload: [[UInt8]]

    init(_ payload: [UInt8]...) { self.payload = payload }

    var bytes: [UInt8] {
      Wire.packet(
        0x10, Wire.binary(protocolName), [level, flags], Wire.uint16(keepAlive), properties ?? [],
        payload.flatMap(\.self))
    }
  }
}
