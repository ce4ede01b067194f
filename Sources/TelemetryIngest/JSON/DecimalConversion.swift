/// Decimal to binary floating point, correctly rounded, for the numbers that devices send.
enum DecimalConversion {
  /// `mantissa * 10^exponent`, or nil where only a longer computation can tell.
  @inline(__always)
  static func double(mantissa: UInt64, exponent: Int) -> Double? {
    if mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
      // Clinger's fast path: both operands are exact doubles, so that the one operation rounds once.
      let value = Double(mantissa)
      return exponent < 0 ? value / powersOfTen[-exponent] : value * powersOfTen[exponent]
    }
    return wide(mantissa: mantissa, exponent: exponent)
  }

  /// The same by 128-bit integers, exact for every mantissa where `|exponent| <= 19`.
  private static func wide(mantissa: UInt64, exponent: Int) -> Double? {
    guard mantissa != 0 else { return 0 }
    guard exponent >= -19, exponent <= 19 else { return nil }
    let power = integerPowersOfTen[abs(exponent)]
    if exponent >= 0 {
      let product = mantissa.multipliedFullWidth(by: power)
      guard product.high != 0 else { return Double(product.low) }
      let shift = product.high.leadingZeroBitCount
      let top = shift == 0 ? product.high : product.high << shift | product.low >> (64 - shift)
      let rest = product.low << shift
      return scaled(top, isInexact: rest != 0, exponent: 64 - shift)
    }
    // Both with their top bit set, the numerator then halved: its quotient by the divisor fits 64 bits and has 62 or more.
    let numeratorShift = mantissa.leadingZeroBitCount
    let divisorShift = power.leadingZeroBitCount
    let numerator = mantissa << numeratorShift
    let (quotient, remainder) = (power << divisorShift).dividingFullWidth((numerator >> 1, numerator << 63))
    return scaled(quotient, isInexact: remainder != 0, exponent: divisorShift - numeratorShift - 63)
  }

  /// `(top + something below one, where inexact) * 2^exponent`; `top` has at least 62 bits, and the result is normal.
  private static func scaled(_ top: UInt64, isInexact: Bool, exponent: Int) -> Double {
    // The lowest bit lies far below the last of 53: set, it decides ties and nothing else.
    Double(top | (isInexact ? 1 : 0)) * Double(bitPattern: UInt64(truncatingIfNeeded: 1023 + exponent) << 52)
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
    1e20, 1e21, 1e22,
  ]

  private static let integerPowersOfTen: [UInt64] = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
    100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
    10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
  ]
}
