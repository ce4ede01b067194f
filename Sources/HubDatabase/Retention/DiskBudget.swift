import TimeSeriesStorage

/// Keeps the file within its budget: the oldest chunks of the device that has most go first, so that one noisy device
/// never erases another's history. Rollups go where chunks are the smaller part already.
extension CommitWriter {
  static let pageBytes: Int64 = 4_096
  /// Of all chunks and rollups, what share chunks may have without giving way.
  private static let shareOfChunks: Int64 = 4

  /// The most pages that the file may have; the write-ahead log has its share of the budget beside it.
  static func maximumPages(_ limits: DatabaseLimits) -> Int64 { limits.fileBytes / pageBytes }
  /// Pages that a transaction may need beside what it writes, for the trees above that.
  private static let pagesOfTrees: Int64 = 16

  /// Whether so much of the budget is used that something has to go.
  var wantsRoom: Bool {
    usedPages > Self.maximumPages(limits) / 100 * 90 && hasSomethingToGive
  }

  private var hasSomethingToGive: Bool { storedBytes.total(.chunks) + storedBytes.total(.rollups) > 0 }

  /// Sees to it that a commit of so many bytes finds room, as far as chunks and rollups can give way to it.
  func makeRoom(for bytes: Int) throws(SQLiteError) {
    let pages = Int64(bytes) / Self.pageBytes + Self.pagesOfTrees
    while usedPages + pages > Self.maximumPages(limits), hasSomethingToGive { try makeRoom() }
  }

  /// Frees a twentieth of what the biggest device has.
  func makeRoom() throws(SQLiteError) {
    let all = storedBytes.total(.chunks) + storedBytes.total(.rollups)
    if storedBytes.total(.chunks) >= all / Self.shareOfChunks {
      try removeOldestChunks()
    } else {
      try removeOldestRollups()
    }
  }

  /// At least one chunk.
  private func removeOldestChunks() throws(SQLiteError) {
    guard let series = storedBytes.seriesOfBiggestDevice(.chunks) else { return }
    guard
      let (oldest, end) = try oldestPart(
        of: series,
        { number throws(SQLiteError) in
          try chunkWriter.span(ofSeries: number)
        })
    else { return storedBytes.forget(series, .chunks) }
    try transaction { () throws(SQLiteError) in
      var removed = RemovedChunks()
      for number in series { removed += try removeReadings(ofSeries: number, before: end) }
      // Where the oldest chunk is longer than that, it goes whole.
      if removed.readings == 0 {
        for number in series { removed += try removeReadings(ofSeries: number, startingBy: oldest) }
      }
      removedReadings += removed.readings
    }
  }

  /// Those of a minute, and where there are none, those of an hour.
  private func removeOldestRollups() throws(SQLiteError) {
    guard let series = storedBytes.seriesOfBiggestDevice(.rollups) else { return }
    for level in RollupLevel.allCases {
      guard
        let (_, end) = try oldestPart(
          of: series,
          { number throws(SQLiteError) in
            try rollupRows.span(ofSeries: number, level)
          })
      else { continue }
      try transaction { () throws(SQLiteError) in
        for number in series { try removeRollups(ofSeries: number, level, startingBy: end) }
      }
      return
    }
    storedBytes.forget(series, .rollups)
  }

  /// When the oldest of those series began, and the end of the first twentieth of their time.
  private func oldestPart(
    of series: [Int64], _ span: (Int64) throws(SQLiteError) -> (first: Int64, last: Int64)?
  ) throws(SQLiteError) -> (oldest: Int64, end: Int64)? {
    var oldest = Int64.max
    var newest = Int64.min
    for number in series {
      guard let span = try span(number) else { continue }
      oldest = min(oldest, span.first)
      newest = max(newest, span.last)
    }
    guard oldest <= newest else { return nil }
    let (length, overflow) = newest.subtractingReportingOverflow(oldest)
    return (oldest, oldest &+ (overflow ? .max : length) / 20)
  }

  /// Looks how many pages hold something.
  func lookAtPages() throws(SQLiteError) {
    usedPages = try pageCount.number() - freePageCount.number()
  }
}
