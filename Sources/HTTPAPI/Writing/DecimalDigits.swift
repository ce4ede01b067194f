/// Digits of a number, eight at a time in a word: one a byte, the first in the lowest.
enum DecimalDigits {
  /// Numbers below this have eight digits or fewer.
  static let limit: UInt64 = 100_000_000

  /// The digits of a number below `limit`, zeros in front where it has fewer; 0 is 0, not "0".
  @inline(__always)
  static func eight(_ value: UInt64) -> UInt64 {
    // Halves, then quarters, then eighths, all of a size at once. The factors are rounded reciprocals, exact in their range.
    let halves = (value / 10_000) | (value % 10_000) << 32
    let hundreds = (halves &* 10_486) >> 20 & 0x0000_007F_0000_007F
    let quarters = hundreds | (halves &- hundreds &* 100) << 16
    let tens = (quarters &* 103) >> 10 & 0x000F_000F_000F_000F
    return tens | (quarters &- tens &* 10) << 8
  }

  /// Added to digits: their characters.
  static let zeros: UInt64 = 0x3030_3030_3030_3030

  /// Digits without those zeros in front that a number has not, one for 0: how many bytes to skip.
  @inline(__always)
  static func leadingZeros(_ digits: UInt64) -> Int { min(digits.trailingZeroBitCount >> 3, 7) }

  /// Writes eight characters into memory with room for them, that of the lowest byte first.
  @inline(__always)
  static func store(_ characters: UInt64, to bytes: UnsafeMutableRawPointer) {
    bytes.storeBytes(of: characters.littleEndian, as: UInt64.self)
  }
}
