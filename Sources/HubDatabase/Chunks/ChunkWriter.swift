import TimeSeriesStorage

/// Writes and removes the chunks of a series, within a transaction of its owner.
final class ChunkWriter {
  private let deleteWithin: SQLiteStatement
  private let deleteBefore: SQLiteStatement
  private let insert: SQLiteStatement
  private let update: SQLiteStatement
  private let shrink: SQLiteStatement
  private let ends: SQLiteStatement
  private let reader: ChunkReader

  init(_ connection: SQLiteConnection) throws(SQLiteError) {
    deleteWithin = try connection.prepare(
      "DELETE FROM chunks WHERE series = ?1 AND first BETWEEN ?2 AND ?3 RETURNING count, length(data), last")
    deleteBefore = try connection.prepare(
      "DELETE FROM chunks WHERE series = ?1 AND first < ?2 AND last < ?2 RETURNING count, length(data), last")
    insert = try connection.prepare("INSERT INTO chunks(series, first, last, count, data) VALUES(?1, ?2, ?3, ?4, ?5)")
    update = try connection.prepare(
      "UPDATE series SET received = ?2, bytes = bytes + ?3, journal = ?4 WHERE id = ?1")
    shrink = try connection.prepare(
      "UPDATE series SET bytes = bytes - ?2, readings_from = max(coalesce(readings_from, ?3), ?3) WHERE id = ?1")
    ends = try connection.prepare(
      """
      SELECT min(first), (SELECT last FROM chunks WHERE series = ?1 ORDER BY first DESC LIMIT 1)
        FROM chunks WHERE series = ?1
      """)
    reader = try ChunkReader(connection)
  }

  /// Writes what a series has that the file has not; says by how many bytes its chunks grew, and at which times.
  ///
  /// - Parameter lastRow: the journal's last row: what it and those before have of the series is in chunks then.
  func write(
    _ series: UnpersistedSeries, number: Int64, lastRow: Int64
  ) throws(SQLiteError) -> (growth: Int64, times: [ClosedRange<Int64>]) {
    var growth: Int64 = 0
    var times: [ClosedRange<Int64>] = []
    for chunk in series.chunks {
      growth += try replace(chunk, number: number)
      times.append(chunk.firstTime...chunk.lastTime)
    }
    for chunk in series.overlay { growth += try merge(chunk, number: number, times: &times) }
    try update.bind(1, number)
    try update.bind(2, series.received)
    try update.bind(3, growth)
    try update.bind(4, lastRow)
    try update.run()
    return (growth, times)
  }

  /// A chunk takes the place of every one that begins within it.
  private func replace(_ chunk: ArchivedChunk, number: Int64) throws(SQLiteError) -> Int64 {
    let removed = try remove(number, firstTimes: chunk.firstTime...chunk.lastTime)
    return try write(chunk, number: number) - removed.bytes
  }

  /// Late readings go into the chunks that the file has of their time, one after the other: they may be far apart.
  private func merge(
    _ overlay: ArchivedChunk, number: Int64, times: inout [ClosedRange<Int64>]
  ) throws(SQLiteError) -> Int64 {
    guard var late = try? LateReadings(overlay) else { return try replace(overlay, number: number) }
    // Chunks behind the last of them are memory's to replace.
    let end = overlay.lastTime == .max ? .max : overlay.lastTime + 1
    var growth: Int64 = 0
    while let time = late.nextTime {
      let stored = try reader.chunks(ofSeries: number, from: time, to: end, maximumReadings: 1)
      guard let merged = late.take(before: stored.resumeTime ?? .max, among: stored.chunks) else { break }
      for chunk in stored.chunks { growth -= try remove(number, firstTimes: chunk.firstTime...chunk.firstTime).bytes }
      for chunk in merged.chunks { growth += try replace(chunk, number: number) }
      times.append(merged.times)
    }
    return growth
  }

  private func write(_ chunk: ArchivedChunk, number: Int64) throws(SQLiteError) -> Int64 {
    let data = CheckedBlob.blob(of: chunk.bytes)
    try insert.bind(1, number)
    try insert.bind(2, chunk.firstTime)
    try insert.bind(3, chunk.lastTime)
    try insert.bind(4, Int64(chunk.count))
    try insert.bind(5, data)
    try insert.run()
    return Int64(data.count)
  }

  // MARK: Removing

  /// The times of a series' first and last reading in chunks; nil where it has none.
  func span(ofSeries number: Int64) throws(SQLiteError) -> (first: Int64, last: Int64)? {
    defer { ends.reset() }
    try ends.bind(1, number)
    guard try ends.step(), !ends.isNull(0) else { return nil }
    return (ends.number(0), ends.number(1))
  }

  /// The times of a series' chunks from a time on, until they hold so many readings; nil where there are none.
  func span(
    ofSeries number: Int64, from: Int64, maximumReadings: Int
  ) throws(SQLiteError) -> (times: ClosedRange<Int64>, resumeTime: Int64?)? {
    let found = try reader.chunks(ofSeries: number, from: from, to: .max, maximumReadings: maximumReadings)
    guard let first = found.chunks.first, let last = found.chunks.last else {
      // All of them damaged: the rest may not be.
      return found.resumeTime.map { ($0...$0, $0) }
    }
    return (first.firstTime...last.lastTime, found.resumeTime)
  }

  /// Removes chunks that end before a time.
  func removeChunks(ofSeries number: Int64, before end: Int64) throws(SQLiteError) -> RemovedChunks {
    try deleteBefore.bind(1, number)
    try deleteBefore.bind(2, end)
    let removed = try collect(deleteBefore)
    try book(removed, number: number)
    return removed
  }

  /// Removes chunks that begin at a time or before.
  func removeChunks(ofSeries number: Int64, startingBy first: Int64) throws(SQLiteError) -> RemovedChunks {
    let removed = try remove(number, firstTimes: .min...first)
    try book(removed, number: number)
    return removed
  }

  private func remove(_ number: Int64, firstTimes: ClosedRange<Int64>) throws(SQLiteError) -> RemovedChunks {
    try deleteWithin.bind(1, number)
    try deleteWithin.bind(2, firstTimes.lowerBound)
    try deleteWithin.bind(3, firstTimes.upperBound)
    return try collect(deleteWithin)
  }

  private func collect(_ deletion: SQLiteStatement) throws(SQLiteError) -> RemovedChunks {
    defer { deletion.reset() }
    var removed = RemovedChunks()
    while try deletion.step() {
      removed += RemovedChunks(
        readings: Int(truncatingIfNeeded: deletion.number(0)), bytes: deletion.number(1), lastTime: deletion.number(2))
    }
    return removed
  }

  private func book(_ removed: RemovedChunks, number: Int64) throws(SQLiteError) {
    guard removed.bytes > 0 else { return }
    try shrink.bind(1, number)
    try shrink.bind(2, removed.bytes)
    try shrink.bind(3, removed.end)
    try shrink.run()
  }
}
