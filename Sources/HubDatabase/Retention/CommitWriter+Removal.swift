import TimeSeriesStorage

/// Removal within a transaction, booked when that is committed.
extension CommitWriter {
  /// Removes a series' chunks that end before a time.
  func removeReadings(ofSeries number: Int64, before end: Int64) throws(SQLiteError) -> RemovedChunks {
    let removed = try chunkWriter.removeChunks(ofSeries: number, before: end)
    book(removed, number)
    return removed
  }

  /// Removes a series' chunks that begin at a time or before.
  func removeReadings(ofSeries number: Int64, startingBy first: Int64) throws(SQLiteError) -> RemovedChunks {
    let removed = try chunkWriter.removeChunks(ofSeries: number, startingBy: first)
    book(removed, number)
    return removed
  }

  private func book(_ removed: RemovedChunks, _ number: Int64) {
    guard removed.bytes > 0 else { return }
    changes.append(
      .init(
        series: number, kind: .chunks, bytes: -removed.bytes, coverage: ArchiveCoverage(readingsFrom: removed.end)))
  }

  /// Removes a series' segments of a level whose buckets are all before a time.
  func removeRollups(ofSeries number: Int64, _ level: RollupLevel, before end: Int64) throws(SQLiteError) {
    book(try rollupRows.remove(ofSeries: number, level, before: end), number, level)
  }

  /// Removes a series' segments of a level that begin at a time or before.
  func removeRollups(ofSeries number: Int64, _ level: RollupLevel, startingBy first: Int64) throws(SQLiteError) {
    book(try rollupRows.remove(ofSeries: number, level, startingBy: first), number, level)
  }

  private func book(_ removed: RollupRows.Removed, _ number: Int64, _ level: RollupLevel) {
    guard removed.bytes > 0 else { return }
    let coverage = level == .minute ? ArchiveCoverage(minutesFrom: removed.end) : ArchiveCoverage()
    changes.append(.init(series: number, kind: .rollups, bytes: -removed.bytes, coverage: coverage))
  }
}
