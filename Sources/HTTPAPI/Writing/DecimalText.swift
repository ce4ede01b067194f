/// Numbers as decimal text, the shortest that reads back as the same number.
enum DecimalText {
  /// The most bytes that a number takes, and the room that writing one needs.
  static let maximumBytes = 32

  static func append(_ value: Int64, to bytes: inout [UInt8]) {
    append(to: &bytes) { write(value, to: $0) }
  }

  /// A finite double: `21`, `21.5`, `1e+20`. A whole number has no point.
  static func append(_ value: Double, to bytes: inout [UInt8]) {
    var decimals = 0
    append(to: &bytes) { write(value, to: $0, likelyDecimals: &decimals) }
  }

  private static func append(to bytes: inout [UInt8], _ write: (UnsafeMutableRawPointer) -> Int) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: maximumBytes) { buffer in
      guard let start = buffer.baseAddress else { return }
      bytes.append(contentsOf: UnsafeBufferPointer(start: start, count: write(start)))
    }
  }

  // MARK: Into memory with room for `maximumBytes`; returns how many bytes were written

  static func write(_ value: Int64, to bytes: UnsafeMutableRawPointer) -> Int {
    var start = 0
    if value < 0 {
      bytes.storeBytes(of: UInt8(ascii: "-"), as: UInt8.self)
      start = 1
    }
    return start + write(value.magnitude, to: bytes + start)
  }

  private static func write(_ value: UInt64, to bytes: UnsafeMutableRawPointer) -> Int {
    guard value >= DecimalDigits.limit else {
      let digits = DecimalDigits.eight(value)
      let zeros = DecimalDigits.leadingZeros(digits)
      DecimalDigits.store((digits | DecimalDigits.zeros) >> UInt64(zeros * 8), to: bytes)
      return 8 - zeros
    }
    let (high, low) = value.quotientAndRemainder(dividingBy: DecimalDigits.limit)
    let count = write(high, to: bytes)
    DecimalDigits.store(DecimalDigits.eight(low) | DecimalDigits.zeros, to: bytes + count)
    return count + 8
  }

  /// - Parameter likelyDecimals: how many the value before had, or a negative number where it had many: values of a series
  ///   are much alike.
  @inline(__always)
  static func write(_ value: Double, to bytes: UnsafeMutableRawPointer, likelyDecimals: inout Int) -> Int {
    // Most measured values have few decimals: value = digits / 10^decimals exactly where that division, which is
    // correctly rounded, gives it back.
    if likelyDecimals >= 0, value.magnitude < 1e9, let digits = digits(of: value, decimals: likelyDecimals),
      digits < DecimalDigits.limit
    {
      let sign = writeSign(of: value, to: bytes)
      return sign &+ writeShort(digits, decimals: likelyDecimals, to: bytes + sign)
    }
    return writeAny(value, to: bytes, decimals: &likelyDecimals)
  }

  @inline(never)
  private static func writeAny(_ value: Double, to bytes: UnsafeMutableRawPointer, decimals likely: inout Int) -> Int {
    if likely >= 0, value.magnitude < 1e9 {
      for decimals in 0..<powers {
        guard let digits = digits(of: value, decimals: decimals) else { continue }
        likely = decimals
        let sign = writeSign(of: value, to: bytes)
        return sign
          + (digits < DecimalDigits.limit
            ? writeShort(digits, decimals: decimals, to: bytes + sign)
            : writeLong(digits, decimals: decimals, to: bytes + sign))
      }
    } else if value.magnitude >= 1e9, value.magnitude < 1e15, (value.magnitude + 0x1p52) - 0x1p52 == value.magnitude {
      return write(Int64(value), to: bytes)
    }
    return writeDescription(value, to: bytes, decimals: &likely)
  }

  /// Writes a minus sign; returns how much of it is wanted.
  @inline(__always)
  private static func writeSign(of value: Double, to bytes: UnsafeMutableRawPointer) -> Int {
    bytes.storeBytes(of: UInt8(ascii: "-"), as: UInt8.self)
    return value.sign == .minus ? 1 : 0
  }

  /// As the language says it: the same text for every value, at some cost.
  private static func writeDescription(
    _ value: Double, to bytes: UnsafeMutableRawPointer, decimals: inout Int
  ) -> Int {
    var text = RawTextStream(bytes)
    value.write(to: &text)
    var count = text.count
    let written = UnsafeRawBufferPointer(start: bytes, count: count)
    if count > 2, written[count - 1] == UInt8(ascii: "0"), written[count - 2] == UInt8(ascii: ".") { count -= 2 }
    // A sign, nine digits, the point: what is longer has more decimals than are tried.
    let point = count < 11 + powers ? written[..<count].firstIndex(of: UInt8(ascii: ".")) ?? count : 0
    let found = max(0, count - point - 1)
    decimals = found < powers && value.magnitude < 1e9 ? found : -1
    return count
  }

  /// How many decimals are tried, none among them.
  private static let powers = 5

  @inline(__always)
  private static func power(_ exponent: Int) -> Double {
    switch exponent {
    case 0: 1
    case 1: 10
    case 2: 100
    case 3: 1_000
    default: 10_000
    }
  }

  /// Of a value below 10^9.
  @inline(__always)
  private static func digits(of value: Double, decimals: Int) -> UInt64? {
    let power = power(decimals)
    // Rounded to a whole number by an addition that has no place for more; that number is then its fraction.
    let sum = value.magnitude * power + 0x1p52
    return (sum - 0x1p52) / power == value.magnitude ? sum.significandBitPattern : nil
  }

  /// Eight digits at most, of which `decimals` stand behind the point: without a branch.
  @inline(__always)
  private static func writeShort(_ value: UInt64, decimals: Int, to bytes: UnsafeMutableRawPointer) -> Int {
    let digits = DecimalDigits.eight(value)
    let text = digits | DecimalDigits.zeros
    // One digit at least before the point, none that is not needed behind it.
    let zeros = min(digits.trailingZeroBitCount &>> 3, 7 &- decimals)
    let kept = decimals &- min(digits.leadingZeroBitCount &>> 3, decimals)
    let whole = 8 &- decimals &- zeros
    DecimalDigits.store(text &>> UInt64(truncatingIfNeeded: zeros &* 8), to: bytes)
    // In two shifts, since that of a whole word is none.
    let fraction = (text &>> UInt64(truncatingIfNeeded: (7 &- decimals) &* 8)) &>> 8
    DecimalDigits.store(UInt64(UInt8(ascii: ".")) | fraction &<< 8, to: bytes + whole)
    return kept > 0 ? whole &+ 1 &+ kept : whole
  }

  private static func writeLong(_ value: UInt64, decimals: Int, to bytes: UnsafeMutableRawPointer) -> Int {
    let (whole, fraction) = value.quotientAndRemainder(dividingBy: UInt64(power(decimals)))
    let count = write(whole, to: bytes)
    guard fraction > 0 else { return count }
    let digits = DecimalDigits.eight(fraction)
    bytes.storeBytes(of: UInt8(ascii: "."), toByteOffset: count, as: UInt8.self)
    DecimalDigits.store((digits | DecimalDigits.zeros) >> UInt64((8 - decimals) * 8), to: bytes + count + 1)
    return count + 1 + decimals - (digits.leadingZeroBitCount >> 3)
  }
}
