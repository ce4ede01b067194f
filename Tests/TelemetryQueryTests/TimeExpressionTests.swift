import TelemetryQuery
import Testing

@Suite struct TimeExpressionTests {
  static let now: Int64 = 1_795_341_600_000

  static let times: [(String, Int64)] = [
    ("now", now), ("-10m", now - 600_000), ("-1h", now - 3_600_000), ("-250ms", now - 250), ("-2d", now - 172_800_000),
    ("-1w", now - 604_800_000), ("-5s", now - 5_000), ("+5s", now + 5_000), ("-0s", now),
    ("2026-11-22T10:00:00Z", now), ("2026-11-22T12:00:00+02:00", now),
    ("1795341600", now), ("1795341600000", now), ("1795341600000000", now), ("1795341600000000000", now),
    ("1795341600.123", now + 123), ("0", 0), ("1.5", 1_500), ("99999999999", 99_999_999_999_000),
    ("100000000000", 100_000_000_000),
  ]

  @Test(arguments: times)
  func readsTimes(_ text: String, _ expected: Int64) throws {
    #expect(try TimeExpression.parse(text, parameter: "from", now: Self.now) == expected)
  }

  @Test(arguments: [
    "", "-", "10m", "-10x", "-m", "--10m", "-1.5h", "yesterday", "NOW", "nan", "inf", "0x10", "1e3", "1.2.3",
    "-9223372036854775807w", "-99999999999999999999s", "2026-11-22", "2026-11-22T10:00:00", "now ", "١٢٣",
    String(repeating: "9", count: 400), "-10m-10m", ".5",
  ])
  func saysWhatIsAllowed(_ text: String) {
    #expect(throws: QueryError(parameter: "from", received: text, allowed: TimeExpression.allowed)) {
      try TimeExpression.parse(text, parameter: "from", now: Self.now)
    }
  }

  /// What a clock says, a time seen from there, and which it is; nil where 64 bits do not hold it.
  static let extremes: [(now: Int64, text: String, time: Int64?)] = [
    (.min, "-1ms", nil), (.min, "+1ms", .min + 1),
    (.min, "-9223372036854775807ms", nil), (.min, "+9223372036854775807ms", -1),
    (0, "-1ms", -1), (0, "+1ms", 1), (0, "-9223372036854775807ms", .min + 1), (0, "+9223372036854775807ms", .max),
    (.max, "-1ms", .max - 1), (.max, "+1ms", nil),
    (.max, "-9223372036854775807ms", 0), (.max, "+9223372036854775807ms", nil),
  ]

  @Test(arguments: extremes)
  func survivesAnyClock(_ extreme: (now: Int64, text: String, time: Int64?)) throws {
    guard let time = extreme.time else {
      #expect(throws: QueryError(parameter: "to", received: extreme.text, allowed: TimeExpression.allowed)) {
        try TimeExpression.parse(extreme.text, parameter: "to", now: extreme.now)
      }
      return
    }
    #expect(try TimeExpression.parse(extreme.text, parameter: "to", now: extreme.now) == time)
  }

  static let durations: [(String, Int64)] = [
    ("1ms", 1), ("10s", 10_000), ("5m", 300_000), ("1h", 3_600_000), ("1d", 86_400_000), ("1w", 604_800_000),
  ]

  @Test(arguments: durations)
  func readsDurations(_ text: String, _ expected: Int64) throws {
    #expect(try DurationExpression.parse(text, parameter: "every") == expected)
  }

  @Test(arguments: [
    "", "0s", "0ms", "-5m", "+5m", "5", "m", "5 m", "5M", "1.5h", "5m5s", "4000d", "99999999999999999999s",
    "9223372036854775807w", "5mm",
  ])
  func refusesDurations(_ text: String) {
    #expect(throws: QueryError(parameter: "every", received: text, allowed: DurationExpression.allowed)) {
      try DurationExpression.parse(text, parameter: "every")
    }
  }
}
