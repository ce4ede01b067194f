/// Keeps the file within its budget: the oldest chunks of the device that has most go first, so that one noisy device
/// never erases another's history.
extension CommitWriter {
  static let pageBytes: Int64 = 4_096

  /// The most pages that the file may have; the write-ahead log has its share of the budget beside it.
  static func maximumPages(_ limits: DatabaseLimits) -> Int64 {
    max(1, (limits.diskBytes - limits.writeAheadLogReserve) / pageBytes)
  }

  /// Whether so much of the budget is used that something has to go.
  var wantsRoom: Bool { usedPages > Self.maximumPages(limits) / 100 * 90 && storedBytes.total > 0 }

  /// Frees a twentieth of what the biggest device has, at least one chunk of it.
  func makeRoom() throws(SQLiteError) {
    guard let series = storedBytes.seriesOfBiggestDevice else { return }
    var oldest = Int64.max
    var newest = Int64.min
    for number in series {
      guard let span = try chunkWriter.span(ofSeries: number) else { continue }
      oldest = min(oldest, span.first)
      newest = max(newest, span.last)
    }
    let (length, overflow) = newest.subtractingReportingOverflow(oldest)
    let end = oldest &+ (overflow ? .max : length) / 20
    try transaction { () throws(SQLiteError) in
      var removed = RemovedChunks()
      for number in series { removed += try remove(number, before: end) }
      // Where the oldest chunk is longer than that, it goes whole.
      if removed.readings == 0 { for number in series { removed += try remove(number, startingBy: oldest) } }
      removedReadings += removed.readings
    }
    try lookAtPages()
  }

  /// Looks how many pages hold something.
  func lookAtPages() throws(SQLiteError) {
    usedPages = try connection.number("PRAGMA page_count") - connection.number("PRAGMA freelist_count")
  }
}
