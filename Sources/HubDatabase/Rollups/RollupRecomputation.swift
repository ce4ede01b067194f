import TimeSeriesStorage

/// Sums up the chunks of every series anew, a part of a series at a time: for files of a version that did not, and where a
/// damaged file was salvaged.
struct RollupRecomputation {
  /// The row of the table `state` that says how far it came: the last series that is done. No row: everything is done.
  static let state = "rollups"

  /// Chunks that one transaction sums up, about, in readings.
  fileprivate static let readingsAtOnce = 65_536

  /// The last series, by its number in the file, that is done.
  fileprivate var last: Int64
  /// Where the rest of the next series begins.
  fileprivate var time = Int64.min

  static func unfinished(_ connection: SQLiteConnection) throws(SQLiteError) -> RollupRecomputation? {
    let found = try connection.prepare("SELECT value FROM state WHERE name = '\(state)'")
    return try found.step() ? RollupRecomputation(last: found.number(0)) : nil
  }
}

extension CommitWriter {
  /// Does one part.
  func advanceRecomputation() throws(SQLiteError) {
    guard var current = recomputation else { return }
    let number = current.last + 1
    if number > storedBytes.lastSeries {
      try connection.execute("DELETE FROM state WHERE name = '\(RollupRecomputation.state)'")
      coverage.withLock { $0.hasRollups = true }
      recomputation = nil
      return
    }
    try transaction { () throws(SQLiteError) in
      if let part = try chunkWriter.span(
        ofSeries: number, from: current.time, maximumReadings: RollupRecomputation.readingsAtOnce)
      {
        let bytes = try rollupWriter.update(part.times, number: number)
        changes.append(.init(series: number, kind: .rollups, bytes: bytes))
        current.time = part.resumeTime ?? .min
        guard part.resumeTime == nil else { return }
      }
      current.time = .min
      current.last = number
      try connection.execute("UPDATE state SET value = \(number) WHERE name = '\(RollupRecomputation.state)'")
    }
    recomputation = current
  }
}
