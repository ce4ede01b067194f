/// A message's own time as Unix milliseconds.
enum MessageTime {
  /// Beyond any time that is believed, and small enough to compute with.
  static let bound: Int64 = 9_000_000_000_000_000

  /// Reads a number by its magnitude: below 1e11 seconds, below 1e14 milliseconds, below 1e17 microseconds, else
  /// nanoseconds. A fraction is rounded to the millisecond; what goes beyond `bound` becomes it.
  static func milliseconds(_ number: JSONNumber) -> Int64 {
    let magnitude = number.isInteger ? milliseconds(integer: number.magnitude) : milliseconds(number.value.magnitude)
    return number.value.sign == .minus ? -magnitude : magnitude
  }

  private static func milliseconds(integer magnitude: UInt64) -> Int64 {
    switch magnitude {
    case ..<100_000_000_000: Int64(magnitude * 1_000)
    case ..<100_000_000_000_000: Int64(magnitude)
    case ..<100_000_000_000_000_000: Int64(magnitude / 1_000)
    default: Int64(magnitude / 1_000_000)
    }
  }

  private static func milliseconds(_ magnitude: Double) -> Int64 {
    let milliseconds =
      switch magnitude {
      case ..<1e11: magnitude * 1e3
      case ..<1e14: magnitude
      case ..<1e17: magnitude / 1e3
      default: magnitude / 1e6
      }
    return Int64(exactly: milliseconds.rounded()).map { min($0, bound) } ?? bound
  }
}
