import TimeSeriesStorage

/// The snapshots of one series in a range of time, one after the other, each of a few chunks.
struct SnapshotReader: Sendable {
  /// Readings that one snapshot holds on to, about: what a slow reader keeps in memory beside the store.
  static let readingsPerSnapshot = 4_096

  private let store: TimeSeriesStore
  private let series: SeriesID
  private let to: Int64
  /// Where the next snapshot begins; nil: there is no more.
  private var nextFrom: Int64?

  init(store: TimeSeriesStore, series: SeriesID, from: Int64, to: Int64) {
    self.store = store
    self.series = series
    self.to = to
    nextFrom = from
  }

  mutating func next() throws(ArchiveError) -> SeriesSnapshot? {
    guard let from = nextFrom else { return nil }
    let snapshot = try store.snapshot(of: series, from: from, to: to, maximumReadings: Self.readingsPerSnapshot)
    nextFrom = snapshot.resumeTime
    return snapshot
  }
}
