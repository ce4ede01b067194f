/// One character's bytes in UTF-8 (RFC 3629 §4).
enum UTF8Sequence {
  /// How many bytes the well-formed sequence at `position` has, 0 where there is none.
  static func length(_ bytes: UnsafeRawPointer, at position: Int, end: Int) -> Int {
    guard position < end else { return 0 }
    let first = byte(bytes, position)
    switch first {
    case 0x00...0x7F: return 1
    case 0xC2...0xDF: return continues(bytes, position + 1, end, 1) ? 2 : 0
    case 0xE0...0xEF:
      guard continues(bytes, position + 1, end, 2) else { return 0 }
      let second = byte(bytes, position + 1)
      // Overlong forms and surrogates.
      if first == 0xE0, second < 0xA0 { return 0 }
      if first == 0xED, second > 0x9F { return 0 }
      return 3
    case 0xF0...0xF4:
      guard continues(bytes, position + 1, end, 3) else { return 0 }
      let second = byte(bytes, position + 1)
      // Overlong forms and what lies beyond U+10FFFF.
      if first == 0xF0, second < 0x90 { return 0 }
      if first == 0xF4, second > 0x8F { return 0 }
      return 4
    default: return 0
    }
  }

  /// Whether all of the bytes are well-formed.
  static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    var position = 0
    while position < bytes.count {
      let length = length(base, at: position, end: bytes.count)
      if length == 0 { return false }
      position += length
    }
    return true
  }

  /// Writes the character, and returns how many bytes it took: 1 to 4.
  static func encode(_ scalar: UInt32, to output: UnsafeMutablePointer<UInt8>) -> Int {
    switch scalar {
    case 0..<0x80:
      output[0] = UInt8(truncatingIfNeeded: scalar)
      return 1
    case 0x80..<0x800:
      output[0] = UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
      output[1] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
      return 2
    case 0x800..<0x10000:
      output[0] = UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
      output[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F)
      output[2] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
      return 3
    default:
      output[0] = UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
      output[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F)
      output[2] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F)
      output[3] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
      return 4
    }
  }

  private static func continues(_ bytes: UnsafeRawPointer, _ start: Int, _ end: Int, _ count: Int) -> Bool {
    guard start + count <= end else { return false }
    for position in start..<start + count where byte(bytes, position) & 0xC0 != 0x80 { return false }
    return true
  }

  @inline(__always)
  private static func byte(_ bytes: UnsafeRawPointer, _ position: Int) -> UInt8 {
    bytes.load(fromByteOffset: position, as: UInt8.self)
  }
}
