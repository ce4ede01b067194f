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
  private let plan: LevelPlan
  private let store: TimeSeriesStore
  private var nextSeries = 0
  private var reader: SeriesReader?
  private var rowsLeft: Int
  /// Where the answer goes on, once the last of its rows has been given.
  private var cut: QueryCursor?
  /// What `next()` takes rows from.
  private var run: ReadingsRun?
  private var position = 0

  /// - Throws: `QueryError` where the selector fits too many series.
  package init(_ query: ReadingsQuery, store: TimeSeriesStore) throws(QueryError) {
    let selection = try query.selector.resolve(in: store)
    series = selection.series
    unknownDevices = selection.unknownDevices
    rowsLeft = query.limit
    self.query = query
    self.store = store
    plan = LevelPlan(query, series, store: store)
    if let cursor = query.cursor {
      nextSeries =
        series.firstIndex { !cursor.isBehind(device: $0.device, metric: $0.metric) } ?? series.count
    }
  }

  /// What its windows are made of.
  package var level: QueryLevel { plan.level }

  /// Whether it takes about a millisecond at most: what it reads is in memory, or a few rows of rollups, which the system
  /// mostly has in memory.
  package var isQuick: Bool {
    guard series.count <= Self.quickSeries else { return false }
    if let length = plan.level.rollups?.length {
      let (range, overflow) = query.to.subtractingReportingOverflow(query.from)
      return !overflow && range / length <= Self.quickBuckets / Int64(max(1, series.count))
    }
    let estimate = store.estimate(of: series.map(\.id), from: query.from, to: query.to)
    return estimate.isInMemory && estimate.readings <= Self.quickReadings
  }
  private static let quickSeries = 64
  private static let quickReadings = 40_000
  private static let quickBuckets: Int64 = 8_192

  /// Whether rows were left out because of the query's limit; known once `next()` gave nil.
  package var isTruncated: Bool { cursor != nil }

  /// The next row; nil at the end or at the query's limit.
  ///
  /// - Throws: where older readings cannot be read from the archive; the rows so far are right, and not all.
  package mutating func next() throws(ArchiveError) -> ReadingsRow? {
    while true {
      if let run, position < run.columns.count {
        defer { position += 1 }
        return ReadingsRow(
          series: run.series, time: run.columns.time(at: position), value: run.columns.value(at: position))
      }
      run = try nextRun()
      position = 0
      if run == nil { return nil }
    }
  }

  /// The next rows, at least one and all of one series; nil at the end or at the query's limit.
  ///
  /// - Throws: as `next()` does.
  package mutating func nextRun() throws(ArchiveError) -> ReadingsRun? {
    guard cursor == nil, let found = try nextOfAll() else { return nil }
    guard rowsLeft > 0 else {
      cursor = cursor(at: found, 0)
      return nil
    }
    guard found.columns.count > rowsLeft else {
      rowsLeft -= found.columns.count
      return found
    }
    // The first row that is not in it is known: nothing more needs to be read.
    defer { rowsLeft = 0 }
    cut = cursor(at: found, rowsLeft)
    return ReadingsRun(series: found.series, columns: found.columns.slice(0..<rowsLeft))
  }

  private func cursor(at run: ReadingsRun, _ position: Int) -> QueryCursor {
    QueryCursor(
      device: series[run.series].device, metric: series[run.series].metric, time: run.columns.time(at: position))
  }

  private mutating func nextOfAll() throws(ArchiveError) -> ReadingsRun? {
    if let cut {
      cursor = cut
      return nil
    }
    while true {
      if let columns = try reader?.nextRun() { return ReadingsRun(series: nextSeries - 1, columns: columns) }
      guard nextSeries < series.count else { return nil }
      let next = series[nextSeries]
      reader = SeriesReader(query, store: store, series: next.id, from: start(of: next), plan: plan)
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
