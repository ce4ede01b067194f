import TimeSeriesStorage

/// From which time on the file has all of a series, for those of which something was removed.
struct StoredCoverage {
  /// Whether every chunk is summed up.
  var hasRollups = true
  /// By a series' number in the file.
  private var series: [Int64: ArchiveCoverage] = [:]

  subscript(number: Int64) -> ArchiveCoverage { series[number] ?? ArchiveCoverage() }

  mutating func raise(_ number: Int64, to coverage: ArchiveCoverage) {
    guard coverage != ArchiveCoverage() else { return }
    series[number] = self[number].and(coverage)
  }
}
