/// Unix milliseconds as decimal text, one after the other: what a time shares with the one before is not made again.
struct UnixTimeText {
  /// The most bytes that a time takes.
  static let maximumBytes = DecimalText.maximumBytes
  private static let low: Int64 = 1_000_000

  /// All but the last six digits of the time before; none yet.
  private var high: Int64 = -1
  /// Their text, the first byte lowest; at most eight.
  private var text: UInt64 = 0
  private var count = 0

  /// Into memory with room for `maximumBytes`; returns how many bytes were written.
  @inline(__always)
  mutating func write(_ time: Int64, to bytes: UnsafeMutableRawPointer) -> Int {
    let high = time / Self.low
    if high != self.high, !begin(high) {
      return DecimalText.write(time, to: bytes)
    }
    let low = DecimalDigits.eight(UInt64(truncatingIfNeeded: time &- high &* Self.low)) | DecimalDigits.zeros
    DecimalDigits.store(text, to: bytes)
    DecimalDigits.store(low >> 16, to: bytes + count)
    return count &+ 6
  }

  /// False where those digits cannot be kept: there are none, or more than fit.
  private mutating func begin(_ high: Int64) -> Bool {
    guard (1..<100_000_000).contains(high) else { return false }
    self.high = high
    let digits = DecimalDigits.eight(UInt64(high))
    let zeros = DecimalDigits.leadingZeros(digits)
    text = (digits | DecimalDigits.zeros) >> UInt64(zeros * 8)
    count = 8 - zeros
    return true
  }
}
