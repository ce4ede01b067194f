extension JSONReader {
  /// Takes `true`, `false` or `null`.
  mutating func literal(_ text: StaticString) throws(DeadLetterReason) {
    let length = text.utf8CodeUnitCount
    for index in 0..<length {
      guard position + index < count else { throw fault(.unexpectedEnd, at: count) }
      guard self[position + index] == text.utf8Start[index] else { throw fault(.invalidLiteral, at: position) }
    }
    position += length
  }

  /// Takes one value of any kind, checks it, and keeps nothing.
  ///
  /// Recursive: never deeper than `maximumDepth`.
  mutating func skipValue() throws(DeadLetterReason) {
    switch try next(.expectedValue) {
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try number()
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    case UInt8(ascii: "{"):
      guard try beginsObject() else { return }
      repeat {
        _ = try string()
        try colon()
        try skipValue()
      } while try continuesObject()
    case UInt8(ascii: "["):
      guard try beginsArray() else { return }
      repeat { try skipValue() } while try continuesArray()
    default: throw fault(.expectedValue, at: position)
    }
  }
}
