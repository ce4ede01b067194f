/// Ranges of time that readings were written in.
enum TouchedTimes {
  /// The longest gap, in milliseconds, that is no reason to look at two ranges one by one.
  private static let gap: Int64 = 3_600_000

  /// The ranges in order, those that overlap or are near joined.
  static func joined(_ ranges: [ClosedRange<Int64>]) -> [ClosedRange<Int64>] {
    var joined: [ClosedRange<Int64>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      let (reach, overflow) = (joined.last?.upperBound ?? .min).addingReportingOverflow(gap)
      if let last = joined.last, overflow || range.lowerBound <= reach {
        joined[joined.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    return joined
  }
}
