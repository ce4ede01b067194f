import Testing

@testable import TelemetryQuery

@Suite struct RFC3339Tests {
  static let times: [(String, Int64)] = [
    ("1970-01-01T00:00:00Z", 0),
    ("1970-01-01T00:00:00.001Z", 1),
    ("1969-12-31T23:59:59.999Z", -1),
    ("2026-11-22T10:00:00.123Z", 1_795_341_600_123),
    ("2026-11-22T11:00:00.123+01:00", 1_795_341_600_123),
    ("2026-11-22T04:30:00.123-05:30", 1_795_341_600_123),
    ("2026-11-22t10:00:00.123z", 1_795_341_600_123),
    ("2026-11-22 10:00:00.1239999Z", 1_795_341_600_123),
    ("2026-11-22T10:00:00.1Z", 1_795_341_600_100),
    ("2000-02-29T00:00:00Z", 951_782_400_000),
    ("2024-02-29T23:59:59Z", 1_709_251_199_000),
    ("1900-03-01T00:00:00Z", -2_203_891_200_000),
    ("0001-01-01T00:00:00Z", -62_135_596_800_000),
    ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ("2016-12-31T23:59:60Z", 1_483_228_800_000),
    ("2001-09-09T01:46:40Z", 1_000_000_000_000),
  ]

  @Test(arguments: times)
  func readsTimes(_ text: String, _ milliseconds: Int64) {
    #expect(RFC3339.parse(text.utf8) == milliseconds)
  }

  @Test(arguments: [
    "", "2026", "2026-11-22", "2026-11-22T10:00Z", "2026-11-22T10:00:00", "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
    "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
    "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+00:60",
    "2026-01-01T00:00:00Z ", " 2026-01-01T00:00:00Z", "2026-1-01T00:00:00Z", "+026-01-01T00:00:00Z",
    "12026-01-01T00:00:00Z", "2026-01-01T00:00:00,5Z", "2026-01-01T00:00:00Zulu", "２０２６-01-01T00:00:00Z",
    "2026-01-01T00:00:00.00000000000000000000000000000000000000000000000000000000000000Z",
  ])
  func refusesWhatIsNoTime(_ text: String) {
    #expect(RFC3339.parse(text.utf8) == nil)
  }

  @Test func refusesEveryTornTime() {
    let text = Array("2026-11-22T10:00:00.123+01:00".utf8)
    for end in 0..<text.count { #expect(RFC3339.parse(text[..<end]) == nil, "\(end) bytes") }
  }

  @Test func writesWhatItReads() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<20_000 {
      let time = Int64.random(in: RFC3339.representable, using: &random)
      #expect(RFC3339.parse(RFC3339.string(time).utf8) == time)
    }
  }

  static let written: [(Int64, String)] = [
    (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
    (1_795_341_600_123, "2026-11-22T10:00:00.123Z"), (Int64.max, "9999-12-31T23:59:59.999Z"),
    (Int64.min, "0000-01-01T00:00:00.000Z"),
  ]

  @Test(arguments: written)
  func writesTimes(_ milliseconds: Int64, _ text: String) {
    var bytes: [UInt8] = []
    RFC3339.append(milliseconds, to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == text)
    #expect(RFC3339.string(milliseconds) == text)
  }

  /// Every day from 1 January 0000 to 31 December 9999, counted one after the other.
  @Test func countsDaysAsTheCalendarDoes() throws {
    var day: Int64 = -719_528
    for year in stride(from: 0, through: 9_999, by: 1) {
      for month in 1...12 {
        let length = [31, CivilDate.isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        for dayOfMonth in [1, length] {
          let date = try #require(CivilDate(year: year, month: month, day: dayOfMonth))
          let days = day + Int64(dayOfMonth - 1)
          guard date.daysSinceEpoch != days || CivilDate(daysSinceEpoch: days) != date else { continue }
          Issue.record("\(year)-\(month)-\(dayOfMonth)")
        }
        day += Int64(length)
      }
    }
    #expect(day == 2_932_897)
  }
}
