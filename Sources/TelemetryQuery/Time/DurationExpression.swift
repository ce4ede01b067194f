/// A length of time as text: a whole number and its unit, `250ms`, `10s`, `5m`, `1h`, `1d`, `1w`.
package enum DurationExpression {
  /// What is allowed, for an error.
  package static let allowed = "a whole number above 0 with a unit ms, s, m, h, d or w, such as 5m, at most 3660d"

  /// The longest, milliseconds: ten years and a bit.
  package static let maximum: Int64 = 3_660 * 86_400_000

  /// Milliseconds, above 0 and at most `maximum`.
  ///
  /// - Throws: `QueryError` naming `parameter`.
  package static func parse(_ text: String, parameter: String) throws(QueryError) -> Int64 {
    guard let milliseconds = parse(text), milliseconds > 0, milliseconds <= maximum else {
      throw QueryError(parameter: parameter, received: text, allowed: allowed)
    }
    return milliseconds
  }

  /// Milliseconds, 0 or more; nil where the text is no duration or beyond Int64.
  static func parse(_ text: some StringProtocol) -> Int64? {
    let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard !digits.isEmpty, let number = Int64(String(decoding: digits, as: UTF8.self)) else { return nil }
    let unit: Int64
    switch String(decoding: text.utf8.dropFirst(digits.count), as: UTF8.self) {
    case "ms": unit = 1
    case "s": unit = 1_000
    case "m": unit = 60_000
    case "h": unit = 3_600_000
    case "d": unit = 86_400_000
    case "w": unit = 604_800_000
    default: return nil
    }
    let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow ? nil : milliseconds
  }
}
