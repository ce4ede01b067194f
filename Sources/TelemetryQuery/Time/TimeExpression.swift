/// A point in time as a query names it.
package enum TimeExpression {
  /// What is allowed, for an error.
  package static let allowed =
    "now, a time before or after now (-10m, +5s; units ms s m h d w), RFC 3339 with zone (2026-11-22T10:00:00Z), "
    + "or Unix seconds or milliseconds"

  /// Unix milliseconds.
  ///
  /// A bare number is Unix time by its magnitude: below 10^11 seconds, below 10^14 milliseconds, below 10^17 microseconds,
  /// else nanoseconds; decimals are allowed.
  ///
  /// - Throws: `QueryError` naming `parameter`.
  package static func parse(_ text: String, parameter: String, now: Int64) throws(QueryError) -> Int64 {
    guard let time = parse(text, now: now) else {
      throw QueryError(parameter: parameter, received: text, allowed: allowed)
    }
    return time
  }

  private static func parse(_ text: String, now: Int64) -> Int64? {
    guard !text.isEmpty, text.utf8.count <= 64 else { return nil }
    if text == "now" { return now }
    if let time = RFC3339.parse(text.utf8) ?? unixTime(text) { return time }
    let sign = text.utf8.first
    // An unescaped plus in a URL's query arrives as a space.
    let isBefore = sign == UInt8(ascii: "-")
    guard isBefore || sign == UInt8(ascii: "+") || sign == UInt8(ascii: " ") else { return nil }
    guard let duration = DurationExpression.parse(text.dropFirst()) else { return nil }
    let (time, overflow) =
      isBefore ? now.subtractingReportingOverflow(duration) : now.addingReportingOverflow(duration)
    return overflow ? nil : time
  }

  private static func unixTime(_ text: String) -> Int64? {
    let bytes = text.utf8
    let digits = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes[...]
    guard let first = digits.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return nil }
    // Only digits and a point: what else `Double` reads (hexadecimal, exponents, "nan") is no time.
    guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") })
    else { return nil }
    if let number = Int64(text) {
      switch number.magnitude {
      case ..<100_000_000_000: return number * 1_000
      case ..<100_000_000_000_000: return number
      case ..<100_000_000_000_000_000: return number / 1_000
      default: return number / 1_000_000
      }
    }
    guard let number = Double(text) else { return nil }
    switch number.magnitude {
    case ..<1e11: return Int64(exactly: (number * 1_000).rounded())
    case ..<1e14: return Int64(exactly: number.rounded())
    case ..<1e17: return Int64(exactly: (number / 1_000).rounded())
    default: return Int64(exactly: (number / 1_000_000).rounded())
    }
  }
}
