import TimeSeriesStorage

/// The level that an answer is made of, and from which time on its readings are all there.
struct LevelPlan: Sendable {
  let level: QueryLevel
  /// Unix milliseconds.
  let readingsFrom: Int64

  /// The finest level that reaches back to the query's beginning and costs no more than it may; where none does both, the
  /// coarsest, which is kept longest.
  init(_ query: ReadingsQuery, _ series: [SelectedSeries], store: TimeSeriesStore) {
    let coverage = store.coverage(of: series.map(\.id))
    readingsFrom = coverage?.readingsFrom ?? .min
    if let level = query.level {
      self.level = level
      return
    }
    let levels = QueryLevel.allCases.filter { $0.isEnough(forEvery: query.every, query.aggregate) }
    guard let coverage, levels.count > 1 else {
      level = .raw
      return
    }
    let readings = store.estimate(of: series.map(\.id), from: query.from, to: query.to).readings
    level =
      levels.first { level in
        let (start, length) = (coverage.start(of: level), level.rollups?.length ?? 1)
        let buckets = Double(query.to - query.from) / Double(length) * Double(series.count)
        return start <= query.from && min(Double(readings), buckets) <= Double(query.readingsOfLevel)
      } ?? levels[levels.count - 1]
  }
}

extension ArchiveCoverage {
  fileprivate func start(of level: QueryLevel) -> Int64 {
    switch level {
    case .raw: readingsFrom
    case .minute: minutesFrom
    case .hour: .min
    }
  }
}
