import Testing

@testable import FleetSimulator

@Suite struct LatencyHistogramTests {
  @Test("Every duration falls into a bucket that ends at it or at most 1.6 % above")
  func bucketsAreNarrow() {
    var generator = SplitMix64(seed: 7)
    var values: [Int64] = [0, 1, 63, 64, 65, 127, 128, 129, Int64.max - 1, Int64.max]
    for bits in 1...62 {
      for _ in 0..<50 { values.append(Int64.random(in: 0..<(1 << Int64(bits)), using: &generator)) }
    }
    for value in values {
      let end = LatencyHistogram.highest(in: LatencyHistogram.bucket(of: value))
      #expect(end >= value)
      #expect(Double(end - value) <= Double(value) / 64, "\(value) is told as \(end)")
    }
  }

  @Test("Buckets follow each other without a gap")
  func bucketsFollow() {
    for bucket in 0..<3000 {
      let end = LatencyHistogram.highest(in: bucket)
      #expect(LatencyHistogram.bucket(of: end) == bucket)
      #expect(LatencyHistogram.bucket(of: end + 1) == bucket + 1)
    }
  }

  @Test("Quantiles agree with a sorted list", arguments: [0.0, 0.01, 0.5, 0.9, 0.99, 0.999, 1.0])
  func quantiles(quantile: Double) throws {
    var generator = SplitMix64(seed: 11)
    let values = (0..<10_000).map { _ in Int64.random(in: 1...(1 << Int64.random(in: 1...40, using: &generator))) }
    var histogram = LatencyHistogram()
    for value in values { histogram.record(value) }
    let rank = max(1, Int((quantile * 10_000).rounded(.up)))
    let exact = values.sorted()[rank - 1]
    let told = try #require(histogram.value(atQuantile: quantile))
    #expect(told >= exact)
    #expect(Double(told - exact) <= Double(exact) / 64)
  }

  @Test("The largest is exact, nothing is nil, negative counts as 0")
  func ends() {
    var histogram = LatencyHistogram()
    #expect(histogram.value(atQuantile: 0.5) == nil)
    histogram.record(-5)
    #expect(histogram.value(atQuantile: 1) == 0)
    histogram.record(1_000_003)
    #expect(histogram.value(atQuantile: 1) == 1_000_003)
    #expect(histogram.total == 2)
  }

  @Test("Merging is recording both")
  func merging() {
    var one = LatencyHistogram()
    var other = LatencyHistogram()
    var both = LatencyHistogram()
    for value in Int64(0)..<1000 {
      if value % 3 == 0 { one.record(value * 17) } else { other.record(value * 17) }
      both.record(value * 17)
    }
    one.merge(other)
    #expect(one.total == both.total)
    for quantile in stride(from: 0.0, through: 1, by: 0.05) {
      #expect(one.value(atQuantile: quantile) == both.value(atQuantile: quantile))
    }
  }
}
