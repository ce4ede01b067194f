extension JSONReader {
  /// Takes a string (RFC 8259 §7), whose opening quote is at `position`, and checks all of it.
  mutating func string() throws(DeadLetterReason) -> JSONString {
    let start = position + 1
    var index = start
    var isEscaped = false
    while true {
      index = plainBytesEnd(from: index)
      guard index < count else { throw fault(.unexpectedEnd, at: count) }
      switch self[index] {
      case UInt8(ascii: "\""):
        position = index + 1
        return JSONString(start: start, count: index - start, isEscaped: isEscaped)
      case UInt8(ascii: "\\"):
        isEscaped = true
        index = try escapeEnd(from: index)
      case 0..<0x20: throw fault(.controlCharacter, at: index)
      default:
        let length = UTF8Sequence.length(bytes, at: index, end: count)
        guard length > 0 else { throw fault(.invalidUTF8, at: index) }
        index += length
      }
    }
  }

  /// The first byte that ends a stretch of plain ASCII: a quote, a backslash, a control character, or one above 0x7F.
  @inline(__always)
  private func plainBytesEnd(from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    var index = start
    while index + 8 <= count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let quotes = word ^ (ones &* 0x22)
      let backslashes = word ^ (ones &* 0x5C)
      // A byte's top bit is set where it was zero, or below 0x20, or above 0x7F. A borrow can only set bits above the
      // lowest one, and that one alone is looked at.
      let found =
        (((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes) | ((word &- ones &* 0x20) & ~word) | word)
        & tops
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < count {
      let byte = self[index]
      if byte < 0x20 || byte > 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      index += 1
    }
    return index
  }

  /// Checks the escape at `start`, a pair of surrogates being one, and returns where it ends.
  private func escapeEnd(from start: Int) throws(DeadLetterReason) -> Int {
    guard start + 1 < count else { throw fault(.unexpectedEnd, at: count) }
    switch self[start + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return start + 2
    case UInt8(ascii: "u"):
      let unit = try codeUnit(at: start)
      if unit & 0xF800 != 0xD800 { return start + 6 }
      // UTF-16: a high surrogate, and at once a low one.
      guard unit < 0xDC00 else { throw fault(.loneSurrogate, at: start) }
      guard start + 7 < count else { throw fault(start + 6 < count ? .loneSurrogate : .unexpectedEnd, at: start) }
      guard self[start + 6] == UInt8(ascii: "\\"), self[start + 7] == UInt8(ascii: "u"),
        try codeUnit(at: start + 6) & 0xFC00 == 0xDC00
      else { throw fault(.loneSurrogate, at: start) }
      return start + 12
    default: throw fault(.invalidEscape, at: start)
    }
  }

  /// The four hexadecimal digits of the `\u` at `start`.
  private func codeUnit(at start: Int) throws(DeadLetterReason) -> UInt32 {
    var unit: UInt32 = 0
    for index in start + 2..<start + 6 {
      guard index < count else { throw fault(.unexpectedEnd, at: count) }
      guard let digit = Self.hexadecimal(self[index]) else { throw fault(.invalidEscape, at: start) }
      unit = unit << 4 | digit
    }
    return unit
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte &- UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte &- UInt8(ascii: "a") &+ 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte &- UInt8(ascii: "A") &+ 10)
    default: nil
    }
  }

  /// Writes a checked string's characters, and returns how many bytes they took: never more than `string.count`.
  func unescape(_ string: JSONString, to output: UnsafeMutablePointer<UInt8>) -> Int {
    var written = 0
    var index = string.start
    let end = string.start + string.count
    while index < end {
      let byte = self[index]
      guard byte == UInt8(ascii: "\\"), index + 1 < end else {
        output[written] = byte
        written += 1
        index += 1
        continue
      }
      let escape = self[index + 1]
      index += 2
      switch escape {
      case UInt8(ascii: "b"): output[written] = 0x08
      case UInt8(ascii: "f"): output[written] = 0x0C
      case UInt8(ascii: "n"): output[written] = 0x0A
      case UInt8(ascii: "r"): output[written] = 0x0D
      case UInt8(ascii: "t"): output[written] = 0x09
      case UInt8(ascii: "u"):
        written += UTF8Sequence.encode(scalar(at: &index, end: end), to: output + written)
        continue
      default: output[written] = escape
      }
      written += 1
    }
    return written
  }

  /// The character of a checked `\u` escape, whose digits begin at `index`.
  private func scalar(at index: inout Int, end: Int) -> UInt32 {
    let high = unit(at: index, end: end)
    index += 4
    guard high & 0xFC00 == 0xD800 else { return high }
    let low = unit(at: index + 2, end: end)
    index += 6
    return 0x10000 + (high & 0x3FF) << 10 + low & 0x3FF
  }

  private func unit(at start: Int, end: Int) -> UInt32 {
    var unit: UInt32 = 0
    for index in start..<min(start + 4, end) { unit = unit << 4 | (Self.hexadecimal(self[index]) ?? 0) }
    return unit
  }
}
