/// The usual time between a series' readings.
package enum ReportingInterval {
  /// How many of the newest times are looked at.
  package static let samples = 33

  /// The median gap in milliseconds between ascending times; nil below three of them.
  package static func learned(from times: [Int64]) -> Int64? {
    guard times.count >= 3 else { return nil }
    var gaps: [Int64] = []
    for (earlier, later) in zip(times, times.dropFirst()) {
      let gap = later.subtractingReportingOverflow(earlier)
      if !gap.overflow, gap.partialValue > 0 { gaps.append(gap.partialValue) }
    }
    guard !gaps.isEmpty else { return nil }
    gaps.sort()
    return gaps[gaps.count / 2]
  }
}
