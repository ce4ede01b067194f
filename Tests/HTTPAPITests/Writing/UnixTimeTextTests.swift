import Testing

@testable import HTTPAPI

@Suite struct UnixTimeTextTests {
  private static func text(_ times: [Int64]) -> [String] {
    var writer = UnixTimeText()
    return times.map { time in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: UnixTimeText.maximumBytes) { buffer in
        guard let start = buffer.baseAddress else { return "" }
        let count = writer.write(time, to: start)
        return String(decoding: buffer[..<count], as: UTF8.self)
      }
    }
  }

  @Test func timesAreWrittenWhateverCameBefore() {
    let times: [Int64] = [
      1_700_000_000_000, 1_700_000_999_999, 1_700_001_000_000, 1_700_000_000_007, 0, 999_999, 1_000_000, -1, -1_000_000,
      99_999_999_999_999, 100_000_000_000_000, .max, .min, 1_000_001, 1_700_000_000_000,
    ]
    #expect(Self.text(times) == times.map { "\($0)" })
  }

  @Test func randomTimesAreWritten() {
    var random = SystemRandomNumberGenerator()
    let times = (0..<10_000).map { _ in Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0..<63) }
    #expect(Self.text(times) == times.map { "\($0)" })
  }
}
