/// Writes bits into bytes, the most significant first.
struct BitWriter {
  private(set) var bytes: [UInt8]
  /// The next bits of the stream, at the top.
  private var pending: UInt64 = 0
  private var pendingCount = 0

  /// Goes on behind whole bytes.
  init(after bytes: [UInt8]) { self.bytes = bytes }

  /// Writes the low `count` bits of `value`, at most 64; the others are 0.
  @inline(__always)
  mutating func write(_ value: UInt64, count: Int) {
    let free = 64 - pendingCount
    if count < free {
      pending |= value << UInt64(free - count)
      pendingCount += count
      return
    }
    // A shift by 64 or more gives 0.
    append(pending | value >> UInt64(count - free))
    pendingCount = count - free
    pending = pendingCount == 0 ? 0 : value << UInt64(64 - pendingCount)
  }

  private mutating func append(_ word: UInt64) {
    withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
  }

  /// The bytes, the last filled with zeros.
  consuming func finish() -> [UInt8] {
    withUnsafeBytes(of: pending.bigEndian) { bytes.append(contentsOf: $0.prefix((pendingCount + 7) / 8)) }
    return bytes
  }
}
