package import TimeSeriesStorage

/// The rows of an answer one after the other: series by series in order of device and metric, each in order of time.
///
/// Rows are made as they are asked for. Whatever the answer's length, the reader holds a few chunks of readings.
package struct ReadingsReader: Sendable {
  /// Every series that the query's selector fits, those before its cursor too.
  package let series: [SelectedSeries]
  /// Devices named without a wildcard that the store does not know.
  package let unknownDevices: [String]
  /// Once `next()` gave nil: where the answer goes on, nil where it is complete.
  package private(set) var cursor: QueryCursor?

  private let query: ReadingsQuery
  private let store: TimeSeriesStore
  private var nextSeries = 0
  private var reader: SeriesReader?
  private var rowsLeft: Int

  /// - Throws: `QueryError` where the selector fits too many series.
  package init(_ query: ReadingsQuery, store: TimeSeriesStore) throws(QueryError) {
    let selection = try query.selector.resolve(in: store)
    series = selection.series
    unknownDevices = selection.unknownDevices
    rowsLeft = query.limit
    self.query = query
    self.store = store
    if let cursor = query.cursor {
      nextSeries =
        series.firstIndex { !cursor.isBehind(device: $0.device, metric: $0.metric) } ?? series.count
    }
  }

  /// Whether rows were left out because of the query's limit; known once `next()` gave nil.
  package var isTruncated: Bool { cursor != nil }

  /// The next row; nil at the end or at the query's limit.
  ///
  /// - Throws: where older readings cannot be read from the archive; the rows so far are right, and not all.
  package mutating func next() throws(ArchiveError) -> ReadingsRow? {
    guard cursor == nil, let row = try nextOfAll() else { return nil }
    guard rowsLeft > 0 else {
      cursor = QueryCursor(device: series[row.series].device, metric: series[row.series].metric, time: row.time)
      return nil
    }
    rowsLeft -= 1
    return row
  }

  private mutating func nextOfAll() throws(ArchiveError) -> ReadingsRow? {
    while true {
      if let reading = try reader?.next() {
        return ReadingsRow(series: nextSeries - 1, time: reading.time, value: reading.value)
      }
      guard nextSeries < series.count else { return nil }
      let next = series[nextSeries]
      reader = SeriesReader(query, store: store, series: next.id, from: start(of: next))
      nextSeries += 1
    }
  }

  /// Where a series' rows begin: at the cursor, in the series that the cursor names.
  private func start(of next: SelectedSeries) -> Int64 {
    guard let cursor = query.cursor, cursor.device == next.device, cursor.metric == next.metric else {
      return query.from
    }
    return max(query.from, cursor.time)
  }
}
