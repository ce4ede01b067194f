/// Numbers as text that reads back as the same bits.
enum NumberText {
  /// The shortest decimal text: `21`, `21.5`, `-0`, `1e+20`; `NaN`, `Infinity`, `-Infinity` for what has no digits, and
  /// `NaN:` with the bits in hexadecimal for a NaN other than the usual one.
  static func append(_ value: Double, to bytes: inout [UInt8]) {
    if value.magnitude < 1e15, value.rounded(.towardZero) == value {
      if value == 0, value.sign == .minus { bytes.append(UInt8(ascii: "-")) }
      append(Int64(value), to: &bytes)
    } else if value.isFinite {
      bytes.append(contentsOf: value.description.utf8)
    } else if value.isNaN {
      bytes.append(contentsOf: "NaN".utf8)
      guard value.bitPattern != Double.nan.bitPattern else { return }
      bytes.append(contentsOf: ":\(String(value.bitPattern, radix: 16))".utf8)
    } else {
      bytes.append(contentsOf: (value < 0 ? "-Infinity" : "Infinity").utf8)
    }
  }

  static func append(_ value: Int64, to bytes: inout [UInt8]) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var rest = value.magnitude
      var start = 20
      repeat {
        start -= 1
        digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest != 0
      bytes.append(contentsOf: digits[start...])
    }
  }

  /// What `append` writes; nil where the text is something else.
  static func parse(_ text: some StringProtocol) -> Double? {
    if let number = parseDecimal(text) { return number }
    switch text {
    case "NaN": return .nan
    case "Infinity": return .infinity
    case "-Infinity": return -.infinity
    default: break
    }
    guard text.hasPrefix("NaN:"), let bits = UInt64(text.dropFirst(4), radix: 16) else { return nil }
    let number = Double(bitPattern: bits)
    return number.isNaN ? number : nil
  }

  /// A decimal number that a double can hold; nil for words, hexadecimal and what is out of range.
  static func parseDecimal(_ text: some StringProtocol) -> Double? {
    guard isDecimal(text.utf8), let number = Double(text), number.isFinite else { return nil }
    return number
  }

  /// A sign or none, digits with or without a point, an exponent or none.
  private static func isDecimal(_ text: some Collection<UInt8>) -> Bool {
    var rest = text[...]
    func isSign(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") }
    func skipDigits() -> Int {
      let end = rest.firstIndex { $0 < UInt8(ascii: "0") || $0 > UInt8(ascii: "9") } ?? rest.endIndex
      defer { rest = rest[end...] }
      return rest.distance(from: rest.startIndex, to: end)
    }
    if isSign(rest.first) { rest = rest.dropFirst() }
    var digits = skipDigits()
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      digits += skipDigits()
    }
    guard digits > 0 else { return false }
    if let byte = rest.first, byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if isSign(rest.first) { rest = rest.dropFirst() }
      guard skipDigits() > 0 else { return false }
    }
    return rest.isEmpty
  }
}
