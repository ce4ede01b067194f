/// What a query would read.
package struct ReadingEstimate: Sendable {
  /// About how many readings, by how close those in memory are to one another, as far back as they are kept.
  package var readings = 0
  /// Whether the archive is not needed for them.
  package var isInMemory = true
}

extension TimeSeriesStore {
  package func estimate(of series: some Sequence<SeriesID>, from: Int64, to: Int64) -> ReadingEstimate {
    var readings = 0.0
    var estimate = ReadingEstimate()
    let retention = limits.rawRetention
    for id in series {
      let (count, isInMemory) = withShard(of: id.rawValue) { shard, number in
        guard number < shard.series.count else { return (0.0, true) }
        return (
          shard.series[number].estimatedReadings(from: from, to: to, retention: retention),
          from >= shard.series[number].residentFrom
        )
      }
      readings += count
      estimate.isInMemory = estimate.isInMemory && isInMemory
    }
    estimate.readings = Int(min(readings, 1e15))
    return estimate
  }
}

extension Series {
  fileprivate func estimatedReadings(from: Int64, to: Int64, retention: Int64) -> Double {
    guard let first = firstTime, count > 0 else { return 0 }
    let (kept, overflow) = lastTime.subtractingReportingOverflow(retention)
    // Of what memory does not hold, the beginning is not known.
    let start = Double(max(from, residentFrom == .min ? first : overflow ? .min : kept))
    let end = Double(min(to, lastTime))
    let span = Double(lastTime) - Double(first)
    guard span > 0 else { return from <= lastTime ? Double(count) : 0 }
    return max(0, Double(count) * (end - start) / span)
  }
}
