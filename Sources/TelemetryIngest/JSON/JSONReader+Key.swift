extension JSONReader {
  /// Takes the string at `position` where it is exactly `key`; else takes nothing.
  ///
  /// - Parameter key: valid UTF-8 without quote, backslash and control characters, so that equal bytes before a quote
  ///   are the whole string, and need no other check.
  @inline(__always)
  mutating func takeString(equalTo key: UnsafePointer<UInt8>, count length: Int) -> Bool {
    let end = position + 1 + length
    guard end < count, self[end] == UInt8(ascii: "\""), holds(UnsafeRawPointer(key), length, at: position + 1) else {
      return false
    }
    position = end + 1
    return true
  }

  /// Whether the `length` bytes at `start`, which are within the payload, are those.
  @inline(__always)
  private func holds(_ key: UnsafeRawPointer, _ length: Int, at start: Int) -> Bool {
    if length >= 8 {
      var offset = 0
      while offset + 8 <= length {
        if differs(key, start, offset, UInt64.self) { return false }
        offset += 8
      }
      // The last eight, some of them for the second time.
      return !differs(key, start, length - 8, UInt64.self)
    }
    if length >= 4 {
      return !differs(key, start, 0, UInt32.self) && !differs(key, start, length - 4, UInt32.self)
    }
    for offset in 0..<length where differs(key, start, offset, UInt8.self) { return false }
    return true
  }

  @inline(__always)
  private func differs<Word: FixedWidthInteger & BitwiseCopyable>(
    _ key: UnsafeRawPointer, _ start: Int, _ offset: Int, _: Word.Type
  ) -> Bool {
    key.loadUnaligned(fromByteOffset: offset, as: Word.self)
      != bytes.loadUnaligned(fromByteOffset: start + offset, as: Word.self)
  }
}
