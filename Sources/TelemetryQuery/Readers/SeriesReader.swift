import TimeSeriesStorage

/// The rows of one series, as the query wants them.
struct SeriesReader: Sendable {
  /// One of the two; both optional, so that either advances in place.
  private var raw: RawReader?
  private var windowed: WindowedReader?

  init(_ query: ReadingsQuery, store: TimeSeriesStore, series: SeriesID, from: Int64, plan: LevelPlan) {
    if let every = query.every {
      let aggregate = query.aggregate ?? .mean
      let source = WindowSource(
        store: store, series: series, from: from, to: query.to, plan: plan, aggregate: aggregate)
      windowed = WindowedReader(source, every: every, aggregate: aggregate, level: plan.level)
    } else {
      raw = RawReader(SnapshotReader(store: store, series: series, from: from, to: query.to))
    }
  }

  /// The next rows, at least one; nil at the end.
  mutating func nextRun() throws(ArchiveError) -> ReadingColumns? {
    if raw != nil { return try raw?.nextRun() }
    return try windowed?.nextRun()
  }
}
