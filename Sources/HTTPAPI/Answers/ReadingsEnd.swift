import TelemetryQuery

/// Where a truncated answer ends: the place of the first row that is not in it.
struct ReadingsEnd {
  private let series: Int
  private let time: Int64

  /// Nil where the series is not among the reader's.
  init?(_ cursor: QueryCursor, in reader: ReadingsReader) {
    guard
      let index = reader.series.firstIndex(where: { $0.device == cursor.device && $0.metric == cursor.metric })
    else { return nil }
    series = index
    time = cursor.time
  }

  func isReached(by row: ReadingsRow) -> Bool {
    row.series > series || row.series == series && row.time >= time
  }
}
