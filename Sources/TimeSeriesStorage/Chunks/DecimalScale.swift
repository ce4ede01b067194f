/// Doubles as whole numbers: `mantissa / 10^digits`, and how far the double's bit pattern is from that.
///
/// Sensors measure in decimal steps. What such a value reads as, `21.53`, is the double nearest to 2153 / 100, and a
/// division of two whole doubles gives just that one (IEEE 754, correctly rounded, as `digits` is at most 22). Values that
/// somebody has calculated with are some units in the last place away from it, which is their `correction`.
struct DecimalScale: Equatable {
  /// Digits behind the point, 0...`maximumDigits`.
  let digits: Int
  let power: Double

  static let maximumDigits = 15
  private static let powers = (0...maximumDigits).map { digits in (0..<digits).reduce(1.0) { power, _ in power * 10 } }

  init(digits: Int) {
    self.digits = digits
    power = Self.powers[digits]
  }

  /// Whole doubles of less than this are rounded by an addition, and hold their every neighbour.
  private static let maximumMantissa = 0x1p51
  private static let rounder = 0x1.8p52

  /// nil where it is not finite, or too large.
  @inline(__always)
  func mantissa(of bits: UInt64) -> Int64? {
    let scaled = Double(bitPattern: bits) * power
    guard scaled.magnitude < Self.maximumMantissa else { return nil }
    return Int64((scaled + Self.rounder) - Self.rounder)
  }

  @inline(__always)
  func bits(of mantissa: Int64) -> UInt64 { (Double(mantissa) / power).bitPattern }

  /// Whether the value is just what its decimal reads as.
  @inline(__always)
  func isExact(_ bits: UInt64) -> Bool { mantissa(of: bits).map { self.bits(of: $0) == bits } ?? false }

  /// The fewest digits by which all values are exact; nil where there are none.
  static func common(to values: UnsafeBufferPointer<UInt64>) -> DecimalScale? {
    var scale = DecimalScale(digits: 0)
    for value in values {
      while !scale.isExact(value) {
        guard scale.digits < maximumDigits else { return nil }
        scale = DecimalScale(digits: scale.digits + 1)
      }
    }
    return scale
  }
}
