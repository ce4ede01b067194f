import TimeSeriesStorage

/// The rows of one series, as the query wants them.
struct SeriesReader: Sendable {
  /// One of the two; both optional, so that either advances in place.
  private var raw: RawReader?
  private var windowed: WindowedReader?

  init(_ query: ReadingsQuery, store: TimeSeriesStore, series: SeriesID, from: Int64) {
    let snapshots = SnapshotReader(store: store, series: series, from: from, to: query.to)
    if let every = query.every {
      windowed = WindowedReader(snapshots, every: every, aggregate: query.aggregate ?? .mean)
    } else {
      raw = RawReader(snapshots)
    }
  }

  mutating func next() throws(ArchiveError) -> Reading? {
    if raw != nil { return try raw?.next() }
    return try windowed?.next()
  }
}
