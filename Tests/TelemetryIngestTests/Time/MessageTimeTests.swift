import Testing

@testable import TelemetryIngest

@Suite struct MessageTimeTests {
  func milliseconds(_ text: String) throws -> Int64 {
    try withBytes(of: text) { payload in
      var reader = try JSONReader(payload, maximumDepth: 1)
      return MessageTime.milliseconds(try reader.number())
    }
  }

  static let times: [(String, Int64)] = [
    ("0", 0), ("1", 1_000), ("1732000000", 1_732_000_000_000), ("99999999999", 99_999_999_999_000),
    ("100000000000", 100_000_000_000), ("1732000000123", 1_732_000_000_123), ("99999999999999", 99_999_999_999_999),
    ("100000000000000", 100_000_000_000), ("1732000000123456", 1_732_000_000_123),
    ("99999999999999999", 99_999_999_999_999),
    ("100000000000000000", 100_000_000_000), ("1732000000123456789", 1_732_000_000_123),
    ("9999999999999999999", 9_999_999_999_999), ("1732000000.123", 1_732_000_000_123),
    ("1732000000.1236", 1_732_000_000_124),
    ("1.732e9", 1_732_000_000_000), ("1.732e12", 1_732_000_000_000), ("1.732e18", 1_732_000_000_000),
    ("1732000000123.6", 1_732_000_000_124),
    ("-1", -1_000), ("-1732000000123", -1_732_000_000_123), ("1e300", MessageTime.bound),
    ("-1e300", -MessageTime.bound),
    ("1e400", MessageTime.bound), ("-1e400", -MessageTime.bound), ("0.0004", 0), ("-0", 0),
    ("123456789012345678901234567890", MessageTime.bound),
  ]

  @Test(arguments: times)
  func magnitudeNamesTheUnit(_ text: String, _ expected: Int64) throws { #expect(try milliseconds(text) == expected) }
}
