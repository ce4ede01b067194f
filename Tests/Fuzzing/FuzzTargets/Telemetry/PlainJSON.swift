/// A JSON text (RFC 8259) as a tree, its members in their order.
indirect enum PlainJSON {
  case null
  case boolean(Bool)
  /// As it is written.
  case number(String)
  case text(String)
  case array([PlainJSON])
  case object([(key: String, value: PlainJSON)])

  /// Objects and arrays inside one another.
  var depth: Int {
    switch self {
    case .null, .boolean, .number, .text: 0
    case .array(let elements): 1 + (elements.map(\.depth).max() ?? 0)
    case .object(let members): 1 + (members.map(\.value.depth).max() ?? 0)
    }
  }

  /// The same in other bytes: white space between all parts, every character of a string escaped.
  func written() -> [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += "null".utf8
    case .boolean(let value): bytes += "\(value)".utf8
    case .number(let digits): bytes += digits.utf8
    case .text(let text): Self.write(text, to: &bytes)
    case .array(let elements):
      bytes += "[ ".utf8
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes += " ,\n".utf8 }
        element.write(to: &bytes)
      }
      bytes += "\t]".utf8
    case .object(let members):
      bytes += "{ ".utf8
      for (index, member) in members.enumerated() {
        if index > 0 { bytes += "\r, ".utf8 }
        Self.write(member.key, to: &bytes)
        bytes += " : ".utf8
        member.value.write(to: &bytes)
      }
      bytes += "\t}".utf8
    }
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for unit in text.utf16 {
      bytes += "\\u".utf8
      for shift in [12, 8, 4, 0] {
        let digit = String(unit >> UInt16(shift) & 0xF, radix: 16)
        bytes += (unit & 1 == 0 ? digit : digit.uppercased()).utf8
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
