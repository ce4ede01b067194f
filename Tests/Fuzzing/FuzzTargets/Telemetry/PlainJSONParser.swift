/// Reads JSON by the grammar of RFC 8259, rule by rule.
struct PlainJSONParser {
  private struct NotJSON: Error {}

  /// Where recursion stops; nothing that comes through is near it.
  private static let maximumDepth = 600

  private let bytes: [UInt8]
  private var offset = 0
  private var depth = 0

  /// The text's tree; nil where it is no JSON.
  static func parse(_ bytes: [UInt8]) -> PlainJSON? {
    var parser = PlainJSONParser(bytes: bytes)
    guard let tree = try? parser.value() else { return nil }
    parser.skipSpace()
    return parser.offset == bytes.count ? tree : nil
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { offset += 1 }
  }

  private mutating func take(_ text: String) throws(NotJSON) {
    guard bytes[offset...].starts(with: text.utf8) else { throw NotJSON() }
    offset += text.utf8.count
  }

  /// Takes the byte where it is next.
  private mutating func has(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    offset += 1
    return true
  }

  private mutating func value() throws(NotJSON) -> PlainJSON {
    skipSpace()
    depth += 1
    defer { depth -= 1 }
    guard let byte = next, depth <= Self.maximumDepth else { throw NotJSON() }
    switch byte {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"):
      try take("true")
      return .boolean(true)
    case UInt8(ascii: "f"):
      try take("false")
      return .boolean(false)
    case UInt8(ascii: "n"):
      try take("null")
      return .null
    default: return .number(try number())
    }
  }

  private mutating func object() throws(NotJSON) -> PlainJSON {
    try take("{")
    skipSpace()
    if has(UInt8(ascii: "}")) { return .object([]) }
    var members: [(key: String, value: PlainJSON)] = []
    repeat {
      skipSpace()
      let key = try string()
      skipSpace()
      try take(":")
      members.append((key, try value()))
      skipSpace()
    } while has(UInt8(ascii: ","))
    try take("}")
    return .object(members)
  }

  private mutating func array() throws(NotJSON) -> PlainJSON {
    try take("[")
    skipSpace()
    if has(UInt8(ascii: "]")) { return .array([]) }
    var elements: [PlainJSON] = []
    repeat {
      elements.append(try value())
      skipSpace()
    } while has(UInt8(ascii: ","))
    try take("]")
    return .array(elements)
  }

  private mutating func number() throws(NotJSON) -> String {
    let start = offset
    _ = has(UInt8(ascii: "-"))
    if !has(UInt8(ascii: "0")) { try digits() }
    if has(UInt8(ascii: ".")) { try digits() }
    if has(UInt8(ascii: "e")) || has(UInt8(ascii: "E")) {
      if !has(UInt8(ascii: "+")) { _ = has(UInt8(ascii: "-")) }
      try digits()
    }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func digits() throws(NotJSON) {
    let start = offset
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { offset += 1 }
    if offset == start { throw NotJSON() }
  }

  private mutating func string() throws(NotJSON) -> String {
    try take("\"")
    var text = String.UnicodeScalarView()
    while !has(UInt8(ascii: "\"")) {
      if has(UInt8(ascii: "\\")) {
        text.append(try escape())
      } else {
        text.append(try character())
      }
    }
    return String(text)
  }

  private mutating func character() throws(NotJSON) -> Unicode.Scalar {
    guard let first = next, first >= 0x20 else { throw NotJSON() }
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard offset + length <= bytes.count,
      // The standard library knows what is well-formed.
      let character = String(validating: bytes[offset..<offset + length], as: UTF8.self)?.unicodeScalars,
      character.count == 1, let scalar = character.first
    else { throw NotJSON() }
    offset += length
    return scalar
  }

  private mutating func escape() throws(NotJSON) -> Unicode.Scalar {
    guard let byte = next else { throw NotJSON() }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try codeUnit()
      if let scalar = Unicode.Scalar(unit) { return scalar }
      try take("\\u")
      let low = try codeUnit()
      guard UTF16.isLeadSurrogate(unit), UTF16.isTrailSurrogate(low) else { throw NotJSON() }
      return UTF16.decode(UTF16.EncodedScalar([unit, low]))
    default: throw NotJSON()
    }
  }

  private mutating func codeUnit() throws(NotJSON) -> UInt16 {
    guard offset + 4 <= bytes.count,
      bytes[offset..<offset + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: bytes[offset..<offset + 4], as: UTF8.self), radix: 16)
    else { throw NotJSON() }
    offset += 4
    return unit
  }
}
