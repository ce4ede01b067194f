import TimeSeriesStorage

/// The readings of one series in a range of time, a few blocks of them at a time.
struct RawReader: Sendable {
  /// Readings that one snapshot holds on to, about: what a slow reader keeps in memory beside the store.
  static let readingsPerSnapshot = 4_096

  private let store: TimeSeriesStore
  private let series: SeriesID
  private let to: Int64
  private var rest: SeriesSnapshot.Iterator?
  /// Where the next snapshot begins; nil: there is no more.
  private var nextFrom: Int64?

  init(store: TimeSeriesStore, series: SeriesID, from: Int64, to: Int64) {
    self.store = store
    self.series = series
    self.to = to
    nextFrom = from
  }

  mutating func next() -> Reading? {
    while true {
      if let reading = rest?.next() { return reading }
      guard let from = nextFrom else { return nil }
      let snapshot = store.snapshot(of: series, from: from, to: to, maximumReadings: Self.readingsPerSnapshot)
      rest = snapshot.makeIterator()
      nextFrom = snapshot.resumeTime
    }
  }
}
