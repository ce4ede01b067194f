/// Which bytes are a string on the wire (MQTT 5.0 §1.5.4): well-formed UTF-8 without U+0000.
///
/// Every PUBLISH passes here with its topic, so plain ASCII goes eight bytes at a time.
enum UTF8Validation {
  /// Whether `bytes` are well-formed UTF-8, without surrogates [MQTT-1.5.4-1] and without U+0000 [MQTT-1.5.4-2].
  static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
    isValid(bytes, allowsWildcards: true)
  }

  /// Whether `bytes` are such a string and hold neither `+` nor `#` [MQTT-4.7.0-1].
  static func isValidWithoutWildcards(_ bytes: UnsafeRawBufferPointer) -> Bool {
    isValid(bytes, allowsWildcards: false)
  }

  @inline(__always)
  private static func isValid(_ bytes: UnsafeRawBufferPointer, allowsWildcards: Bool) -> Bool {
    let count = bytes.count
    var index = 0
    while index < count {
      // The last word may overlap what was read before: when all of it is plain, so is the rest.
      let start = count &- index >= 8 ? index : count &- 8
      if start >= 0,
        isPlain(bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self), allowsWildcards: allowsWildcards)
      {
        index = start &+ 8
        continue
      }
      let byte = bytes[index]
      if byte < 0x80 {
        if byte == 0 || (!allowsWildcards && (byte == UInt8(ascii: "+") || byte == UInt8(ascii: "#"))) { return false }
        index &+= 1
      } else {
        let length = multibyteLength(bytes, at: index)
        if length == 0 { return false }
        index &+= length
      }
    }
    return true
  }

  /// Whether all eight bytes are ASCII, none is zero and, where asked, none is a wildcard.
  @inline(__always)
  private static func isPlain(_ word: UInt64, allowsWildcards: Bool) -> Bool {
    // Adding 0x7F to seven bits sets the eighth exactly where they were not zero, and carries nowhere.
    let sevens: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    var plain = (word &+ sevens) & ~word
    if !allowsWildcards {
      // `+` (0x2B) and `#` (0x23) differ in one bit: without it both are 0x23.
      let folded = (word & 0xF7F7_F7F7_F7F7_F7F7) ^ 0x2323_2323_2323_2323
      plain &= folded &+ sevens
    }
    return plain & ~sevens == ~sevens
  }

  /// How many bytes the character of two to four bytes at `index` takes; 0 when it is not well-formed.
  private static func multibyteLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
    // Unicode 15, table 3-7. The second byte's range excludes overlong forms, surrogates and what is past U+10FFFF.
    let length: Int
    let second: ClosedRange<UInt8>
    switch bytes[index] {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return 0
    }
    guard bytes.count &- index >= length, second.contains(bytes[index &+ 1]) else { return 0 }
    for offset in 2..<max(length, 2) where bytes[index &+ offset] & 0xC0 != 0x80 { return 0 }
    return length
  }
}
