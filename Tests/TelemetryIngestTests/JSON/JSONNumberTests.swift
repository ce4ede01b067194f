import Testing

@testable import TelemetryIngest

@Suite struct JSONNumberTests {
  func number(_ text: String) -> JSONNumber? {
    withBytes(of: text) { payload in
      do throws(DeadLetterReason) {
        var reader = try JSONReader(payload, maximumDepth: 1)
        let number = try reader.number()
        try reader.end()
        return number
      } catch {
        return nil
      }
    }
  }

  /// What the standard library, which rounds correctly, makes of the same text.
  func expectSameAsStandardLibrary(_ text: String, _ comment: Comment? = nil) throws {
    let expected = try #require(Double(text))
    let found = try #require(number(text), "\(text)")
    #expect(found.value.bitPattern == expected.bitPattern, "\(text): \(found.value) instead of \(expected)")
  }

  static let hardNumbers: [String] = [
    "0", "-0", "0.0", "-0.0", "1", "-1", "0.1", "0.2", "0.3", "21.5", "40.25", "1e22", "1e23", "-1e23",
    "9007199254740991",
    "9007199254740992", "9007199254740993", "9007199254740994", "9007199254740995", "18446744073709551615",
    "18446744073709551616", "9999999999999999999", "99999999999999999999", "1e308", "1.7976931348623157e308",
    "1.7976931348623158e308", "1.7976931348623159e308", "1e309", "1e400", "-1e400", "2.2250738585072014e-308",
    "2.2250738585072011e-308", "5e-324", "4.9e-324", "2.5e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
    "1e-400", "-1e-400", "0e400", "0.000001234", "0.00000000000000000000000001", "123456789.123456789e-5",
    "1e+0", "1E2", "0.30000000000000004", "21.499999999999996", "179769313486231570000e289", "1.5e-19", "1.5e-20",
    "9007199254740993e19", "9007199254740993e-19", "1e99999999999999999999", "1e-99999999999999999999",
    // Halfway between two doubles, and just beside it.
    "1.00000000000000011102230246251565404236316680908203125",
    "1.00000000000000011102230246251565404236316680908203124",
    "1.00000000000000011102230246251565404236316680908203126", "21.50000000000000000000000000",
  ]

  @Test(arguments: hardNumbers)
  func isRoundedCorrectly(_ text: String) throws { try expectSameAsStandardLibrary(text) }

  @Test func numbersOfHundredsOfDigits() throws {
    let digits = String(repeating: "1234567890", count: 40)
    for text in [
      digits, "-" + digits, "0." + digits, digits + "." + digits, digits + "e-390",
      "0." + String(repeating: "0", count: 400) + "1e400",
    ] {
      try expectSameAsStandardLibrary(text)
    }
    // Longer than any buffer on the stack, and decided by its very last digit.
    let half = "1.00000000000000011102230246251565404236316680908203125"
    try expectSameAsStandardLibrary(half + String(repeating: "0", count: 5_000))
    let above = try #require(number(half + String(repeating: "0", count: 5_000) + "1"))
    #expect(above.value == 1.0.nextUp)
  }

  @Test func everyDoublePrintedComesBack() throws {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<50_000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      #expect(number(value.description)?.value.bitPattern == value.bitPattern, "\(value)")
    }
    // Of the sizes that sensors have.
    for _ in 0..<50_000 {
      let value = Double.random(in: -1_000...1_000, using: &generator)
      #expect(number(value.description)?.value.bitPattern == value.bitPattern, "\(value)")
    }
  }

  @Test func randomDecimalsAreRoundedAsTheStandardLibraryDoes() throws {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<10_000 {
      let digits = (0..<Int.random(in: 1...24, using: &generator)).map { _ in
        String(Int.random(in: 0...9, using: &generator))
      }.joined()
      let trimmed = digits.drop { $0 == "0" }
      let whole = trimmed.isEmpty ? "0" : String(trimmed)
      let exponent = Int.random(in: -30...30, using: &generator)
      try expectSameAsStandardLibrary("\(whole)e\(exponent)")
      try expectSameAsStandardLibrary("-\(whole).\(digits)")
      try expectSameAsStandardLibrary("0.\(digits)e\(exponent)")
    }
  }

  @Test(arguments: [
    ("9007199254740992", false), ("9007199254740993", true), ("9007199254740994", false), ("-9007199254740993", true),
    ("18446744073709551615", true), ("18014398509481984", false), ("99999999999999999999", true), ("1e30", false),
    ("9007199254740993.0", false), ("42", false), ("0", false),
  ])
  func integersThatDoNotFitAreMarked(_ text: String, _ isRounded: Bool) throws {
    #expect(try #require(number(text)).isRounded == isRounded)
  }

  @Test(arguments: [
    ("17", 17 as UInt64, true), ("-17", 17, true), ("1732000000000000000", 1_732_000_000_000_000_000, true),
    ("17.0", 170, false),
    ("1e3", 1, false),
  ])
  func integersKeepTheirDigits(_ text: String, _ magnitude: UInt64, _ isInteger: Bool) throws {
    let found = try #require(number(text))
    #expect(found.magnitude == magnitude)
    #expect(found.isInteger == isInteger)
  }
}
