/// Unix milliseconds as decimal text, one after the other: what a time shares with the one before is not made again.
struct UnixTimeText {
  /// The most bytes that a time takes.
  static let maximumBytes = 24
  private static let low: Int64 = 1_000_000

  /// All but the last six digits of the time before; none yet.
  private var high: Int64 = -1
  /// Their text, the first byte lowest; at most eight.
  private var text: UInt64 = 0
  private var count = 0

  /// Into memory with room for `maximumBytes`; returns how many bytes were written.
  @inline(__always)
  mutating func write(_ time: Int64, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
    let high = time / Self.low
    if high != self.high, !begin(high) {
      return DecimalText.write(time, to: UnsafeMutableBufferPointer(start: bytes, count: Self.maximumBytes))
    }
    UnsafeMutableRawPointer(bytes).storeBytes(of: text.littleEndian, as: UInt64.self)
    DecimalText.writeSixDigits(UInt32(truncatingIfNeeded: time - high * Self.low), to: bytes + count)
    return count + 6
  }

  /// False where those digits cannot be kept: there are none, or more than fit.
  private mutating func begin(_ high: Int64) -> Bool {
    guard (1..<100_000_000).contains(high) else { return false }
    self.high = high
    text = 0
    count = withUnsafeMutableBytes(of: &text) { DecimalText.write(high, to: $0.bindMemory(to: UInt8.self)) }
    text = UInt64(littleEndian: text)
    return true
  }
}
