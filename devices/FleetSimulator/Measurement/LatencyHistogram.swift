/// Counts of durations in buckets that grow with the duration: at most 1.6 % wide, from a nanosecond to centuries.
///
/// Recording allocates nothing and takes a few instructions. Sixty-four buckets cover each doubling.
struct LatencyHistogram: Sendable {
  private static let precision = 6
  private static let bucketsPerDoubling = 1 << precision
  private static let bucketCount = (64 - precision) << precision

  private var counts = [UInt64](repeating: 0, count: Self.bucketCount)
  private(set) var total: UInt64 = 0
  /// Nanoseconds; 0 where nothing was recorded.
  private(set) var longest: Int64 = 0

  /// Adds one duration in nanoseconds. Negative ones count as 0.
  @inline(__always)
  mutating func record(_ nanoseconds: Int64) {
    let value = max(0, nanoseconds)
    counts[Self.bucket(of: value)] &+= 1
    total &+= 1
    if value > longest { longest = value }
  }

  mutating func merge(_ other: LatencyHistogram) {
    for index in counts.indices { counts[index] &+= other.counts[index] }
    total &+= other.total
    longest = max(longest, other.longest)
  }

  /// The duration that the share `quantile` (0 to 1) of all recorded ones does not exceed, in nanoseconds.
  ///
  /// It is the upper end of its bucket, so never better than the truth; `nil` where nothing was recorded.
  func value(atQuantile quantile: Double) -> Int64? {
    guard total > 0 else { return nil }
    let rank = max(1, (quantile.clamped(to: 0...1) * Double(total)).rounded(.up))
    var passed: UInt64 = 0
    for (index, count) in counts.enumerated() {
      passed &+= count
      if Double(passed) >= rank { return min(longest, Self.highest(in: index)) }
    }
    return longest
  }

  @inline(__always)
  static func bucket(of value: Int64) -> Int {
    let exponent = 63 &- (value | Int64(bucketsPerDoubling)).leadingZeroBitCount
    let shift = exponent &- precision
    // A value's top bit says its doubling, the six bits below it the bucket in there. Small values fall on themselves.
    return (shift << precision) &+ Int(truncatingIfNeeded: value >> Int64(shift))
  }

  static func highest(in bucket: Int) -> Int64 {
    let shift = max(0, (bucket >> precision) - 1)
    let top = Int64(bucket - (shift << precision))
    return ((top &+ 1) << Int64(shift)) &- 1
  }
}

extension Double {
  fileprivate func clamped(to limits: ClosedRange<Double>) -> Double {
    min(max(self, limits.lowerBound), limits.upperBound)
  }
}
