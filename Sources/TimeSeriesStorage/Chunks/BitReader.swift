/// Reads bits, the most significant of each byte first. Behind the last byte there are zeros without end, so that damage
/// needs to be looked for only once, with `isPastEnd`.
@safe
struct BitReader {
  private let bytes: UnsafeRawBufferPointer
  /// Where the bytes begin; means nothing where there are none.
  private let start: UnsafeRawPointer
  /// The last place at which eight bytes are left.
  private let lastWhole: Int
  private(set) var position: Int

  init(_ bytes: UnsafeRawBufferPointer, fromByte offset: Int) {
    self.bytes = bytes
    start = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 8).unsafelyUnwrapped
    lastWhole = bytes.count - 8
    position = offset * 8
  }

  /// Whether more was read than there is.
  var isPastEnd: Bool { position > bytes.count * 8 }

  /// The next bits, at the top: at least 57 of them, the rest zeros.
  @inline(__always)
  var window: UInt64 {
    let offset = position &>> 3
    let word =
      offset <= lastWhole
      ? start.loadUnaligned(fromByteOffset: offset, as: UInt64.self).bigEndian : lastWord(at: offset)
    return word &<< UInt64(truncatingIfNeeded: position & 7)
  }

  /// As `window`; nil near the end.
  @inline(__always)
  var wholeWindow: UInt64? {
    let offset = position &>> 3
    guard offset <= lastWhole else { return nil }
    return start.loadUnaligned(fromByteOffset: offset, as: UInt64.self).bigEndian
      &<< UInt64(truncatingIfNeeded: position & 7)
  }

  @inline(never)
  private func lastWord(at offset: Int) -> UInt64 {
    var word: UInt64 = 0
    for place in 0..<8 {
      word = word << 8 | (offset + place < bytes.count ? UInt64(bytes[offset + place]) : 0)
    }
    return word
  }

  @inline(__always)
  mutating func skip(_ count: Int) { position &+= count }

  /// At most 57 bits.
  @inline(__always)
  mutating func read(_ count: Int) -> UInt64 {
    guard count > 0 else { return 0 }
    let value = window >> UInt64(64 - count)
    position &+= count
    return value
  }
}
