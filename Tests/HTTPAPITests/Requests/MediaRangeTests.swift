import Testing

@testable import HTTPAPI

@Suite struct MediaRangeTests {
  @Test(arguments: [
    ("text/csv", "text/csv", 1), ("TEXT/CSV ; Q=0.5", "text/csv", 0.5), ("*/*;q=0.1, text/*;q=0.2", "text/csv", 0.2),
    ("text/csv;q=0, */*", "text/csv", 0), ("text/*", "application/json", 0), ("text", "text/csv", 0),
    ("text/csv;q=nan", "text/csv", 0), ("text/csv;q=7", "text/csv", 1), ("text/csv;q=-1", "text/csv", 0),
    ("text/csv;charset=utf-8;q=0.3", "text/csv", 0.3), (",,;;,/", "text/csv", 0), ("*/csv", "text/csv", 0),
  ])
  func findsTheQuality(header: String, type: String, quality: Double) {
    #expect(MediaRange.quality(of: type, by: MediaRange.parse(header)) == quality)
  }
}
