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
      "DELETE FROM chunks WHERE series = ?1 AND first BETWEEN ?2 AND ?3 RETURNING count, length(data)")
    deleteBefore = try connection.prepare(
      "DELETE FROM chunks WHERE series = ?1 AND first < ?2 AND last < ?2 RETURNING count, length(data)")
    insert = try connection.prepare("INSERT INTO chunks(series, first, last, count, data) VALUES(?1, ?2, ?3, ?4, ?5)")
    update = try connection.prepare("UPDATE series SET received = ?2, bytes = bytes + ?3 WHERE id = ?1")
    shrink = try connection.prepare("UPDATE series SET bytes = bytes - ?2 WHERE id = ?1")
    ends = try connection.prepare(
      """
      SELECT min(first), (SELECT last FROM chunks WHERE series = ?1 ORDER BY first DESC LIMIT 1)
        FROM chunks WHERE series = ?1
      """)
    reader = try ChunkReader(connection)
  }

  /// Writes what a series has that the file has not; says by how many bytes its chunks grew.
  func write(_ series: UnpersistedSeries, number: Int64) throws(SQLiteError) -> Int64 {
    var growth: Int64 = 0
    for chunk in series.chunks { growth += try replace(chunk, number: number) }
    for chunk in series.overlay { growth += try merge(chunk, number: number) }
    try update.bind(1, number)
    try update.bind(2, series.received)
    try update.bind(3, growth)
    try update.run()
    return growth
  }

  /// A chunk takes the place of every one that begins within it.
  private func replace(_ chunk: ArchivedChunk, number: Int64) throws(SQLiteError) -> Int64 {
    let removed = try remove(number, firstTimes: chunk.firstTime...chunk.lastTime)
    return try write(chunk, number: number) - removed.bytes
  }

  /// Late readings go among those that the file has of their time.
  private func merge(_ overlay: ArchivedChunk, number: Int64) throws(SQLiteError) -> Int64 {
    let stored = try reader.chunks(
      ofSeries: number, from: overlay.firstTime, to: overlay.lastTime.advanced(by: overlay.lastTime == .max ? 0 : 1),
      maximumReadings: .max)
    // What cannot be read is given up for what can: the late readings must not be lost with it.
    let merged = (try? TimeSeriesStore.merged(stored: stored.chunks, overlay: [overlay])) ?? [overlay]
    var growth: Int64 = 0
    for chunk in stored.chunks { growth -= try remove(number, firstTimes: chunk.firstTime...chunk.firstTime).bytes }
    for chunk in merged { growth += try replace(chunk, number: number) }
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
      removed += RemovedChunks(readings: Int(truncatingIfNeeded: deletion.number(0)), bytes: deletion.number(1))
    }
    return removed
  }

  private func book(_ removed: RemovedChunks, number: Int64) throws(SQLiteError) {
    guard removed.bytes > 0 else { return }
    try shrink.bind(1, number)
    try shrink.bind(2, removed.bytes)
    try shrink.run()
  }
}
