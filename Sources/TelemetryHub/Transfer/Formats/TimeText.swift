import TelemetryQuery

/// Times as files have them.
enum TimeText {
  static let allowed = "RFC 3339 with zone (2026-11-22T10:00:00Z), or Unix seconds or milliseconds"

  /// Unix milliseconds.
  static func parse(_ text: String) throws(RowFault) -> Int64 {
    if let time = RFC3339.parse(text.utf8) { return time }
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    // Nothing relative to now: a file is read again tomorrow.
    guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") }),
      let time = try? TimeExpression.parse(text, parameter: "time", now: 0)
    else { throw RowFault("time is \(text.abbreviatedForMessage), allowed is \(allowed)") }
    return time
  }
}
