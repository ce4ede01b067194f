/// Removes chunks whose readings are all older than raw retention, some series at a time.
struct RetentionPass {
  /// Readings before this time go, Unix milliseconds.
  let cutoff: Int64
  /// The last series, by its number in the file, that was looked at.
  var last: Int64 = 0

  /// Series that one transaction looks at.
  static let seriesAtOnce: Int64 = 1_000
}

extension CommitWriter {
  /// Looks at the next series; the pass is over where there is none.
  func advanceRetention() throws(SQLiteError) {
    guard var pass = retention else { return }
    let end = pass.last + RetentionPass.seriesAtOnce
    try transaction { () throws(SQLiteError) in
      for number in pass.last + 1...end where storedBytes.has(number) {
        removedReadings += try remove(number, before: pass.cutoff).readings
      }
    }
    try lookAtPages()
    pass.last = end
    retention = end >= storedBytes.lastSeries ? nil : pass
  }

  /// Removes a series' chunks that end before a time.
  func remove(_ number: Int64, before end: Int64) throws(SQLiteError) -> RemovedChunks {
    let removed = try chunkWriter.removeChunks(ofSeries: number, before: end)
    changed(number, by: -removed.bytes)
    return removed
  }

  /// Removes a series' chunks that begin at a time or before.
  func remove(_ number: Int64, startingBy first: Int64) throws(SQLiteError) -> RemovedChunks {
    let removed = try chunkWriter.removeChunks(ofSeries: number, startingBy: first)
    changed(number, by: -removed.bytes)
    return removed
  }
}
