import Testing

@testable import HubDatabase

@Suite struct LatencyCountsTests {
  @Test(arguments: [1, 2, 7, 8, 9, 15, 16, 17, 100, 1_000, 12_345, 1_000_000, 9_999_999_999] as [Int64])
  func aQuantileIsAtMostANinthAbove(value: Int64) {
    var counts = LatencyCounts()
    counts.add(microseconds: value)
    #expect(counts.quantile(0.5) >= value)
    #expect(Double(counts.quantile(0.5)) < Double(value) * (1 + 1.0 / 8) + 1)
  }

  @Test func quantilesOfMany() {
    var counts = LatencyCounts()
    #expect(counts.quantile(0.99) == 0)
    for value in 1...1_000 { counts.add(microseconds: Int64(value)) }
    #expect((500...563).contains(counts.quantile(0.5)))
    #expect((990...1_114).contains(counts.quantile(0.99)))
    #expect(counts.quantile(1) >= 1_000)
    #expect(counts.count == 1_000)
    #expect(counts.sum == 500_500)
  }

  @Test func extremesAreCounted() {
    var counts = LatencyCounts()
    for value in [Int64.min, -1, 0, .max] { counts.add(microseconds: min(value, 1 << 40)) }
    #expect(counts.count == 4)
    #expect(counts.quantile(1) > 0)
  }
}
