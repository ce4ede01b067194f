import TimeSeriesStorage

/// The rows of one series, as the query wants them.
struct SeriesReader: Sendable {
  /// One of the two; both optional, so that either advances in place.
  private var raw: RawReader?
  private var windowed: WindowedReader?

  init(_ query: ReadingsQuery, store: TimeSeriesStore, series: SeriesID, from: Int64) {
    let readings = RawReader(store: store, series: series, from: from, to: query.to)
    if let every = query.every {
      windowed = WindowedReader(readings, every: every, aggregate: query.aggregate ?? .mean)
    } else {
      raw = readings
    }
  }

  mutating func next() -> Reading? { raw?.next() ?? windowed?.next() }
}
