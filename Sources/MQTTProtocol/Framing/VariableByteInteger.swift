/// An integer of 0 to 268,435,455 in one to four bytes of seven bits each, lowest first (MQTT 5.0 §1.5.5).
enum VariableByteInteger {
  /// What was read: the value and the bytes that it took.
  struct Decoded: Equatable {
    let value: Int
    let length: Int
  }

  /// Reads the integer that begins at `offset`; nil when more bytes are needed.
  ///
  /// Longer forms of a value than its shortest are accepted here. Throws malformed when a fifth byte would follow.
  @inline(__always)
  static func decode(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(MQTTDecodeError) -> Decoded? {
    var value = 0
    var length = 0
    while offset &+ length < bytes.count {
      let byte = bytes[offset &+ length]
      value |= Int(byte & 0x7F) &<< (7 &* length)
      length &+= 1
      if byte < 0x80 { return Decoded(value: value, length: length) }
      if length == MQTTLimits.maximumVariableByteIntegerLength {
        throw .malformed("variable byte integer is longer than four bytes")
      }
    }
    return nil
  }

  /// How many bytes the shortest form of `value` takes, 1 to 4.
  @inline(__always)
  static func encodedLength(_ value: Int) -> Int {
    if value < 128 { return 1 }
    if value < 16_384 { return 2 }
    return value < 2_097_152 ? 3 : 4
  }

  /// Writes the shortest form of `value` at the start of `output`; returns the bytes written.
  @inline(__always)
  static func encode(_ value: Int, into output: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    var rest = value
    var position = offset
    while rest >= 0x80 {
      output[position] = UInt8(truncatingIfNeeded: rest) | 0x80
      rest &>>= 7
      position &+= 1
    }
    output[position] = UInt8(truncatingIfNeeded: rest)
    return position &+ 1 &- offset
  }
}
