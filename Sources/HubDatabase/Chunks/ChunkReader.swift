import TimeSeriesStorage

/// Reads the chunks of a series. Of one thread at a time.
final class ChunkReader {
  private let inRange: SQLiteStatement
  private let newest: SQLiteStatement
  /// Rows whose content is not what was written; they are left out.
  private(set) var damagedRows = 0

  init(_ connection: SQLiteConnection) throws(SQLiteError) {
    // Chunks of a series do not overlap: the one that begins last at `from` or before is the first to reach into the range.
    inRange = try connection.prepare(
      """
      SELECT first, last, count, data FROM chunks WHERE series = ?1 AND first < ?3 AND first >=
        coalesce((SELECT max(first) FROM chunks WHERE series = ?1 AND first <= ?2), ?2) ORDER BY first
      """)
    newest = try connection.prepare(
      "SELECT first, last, count, data FROM chunks WHERE series = ?1 ORDER BY first DESC LIMIT ?2")
  }

  /// The chunks that overlap `from..<to`, in order, until they hold `maximumReadings`.
  func chunks(
    ofSeries number: Int64, from: Int64, to: Int64, maximumReadings: Int
  ) throws(SQLiteError) -> ArchivedChunks {
    defer { inRange.reset() }
    try inRange.bind(1, number)
    try inRange.bind(2, from)
    try inRange.bind(3, to)
    var found = ArchivedChunks(chunks: [], resumeTime: nil)
    var readings = 0
    while try inRange.step() {
      guard readings < maximumReadings else {
        found.resumeTime = max(from, inRange.number(0))
        break
      }
      guard inRange.number(1) >= from, let chunk = chunk(of: inRange) else { continue }
      readings += chunk.count
      found.chunks.append(chunk)
    }
    return found
  }

  /// The newest chunks, in order of time; and whether there are no older ones.
  func newestChunks(
    ofSeries number: Int64, limit: Int
  ) throws(SQLiteError) -> (chunks: [ArchivedChunk], isComplete: Bool) {
    defer { newest.reset() }
    try newest.bind(1, number)
    try newest.bind(2, Int64(limit))
    var chunks: [ArchivedChunk] = []
    var rows = 0
    while try newest.step() {
      rows += 1
      if let chunk = chunk(of: newest) { chunks.append(chunk) }
    }
    chunks.reverse()
    return (chunks, rows < limit)
  }

  private func chunk(of row: SQLiteStatement) -> ArchivedChunk? {
    let bytes = row.withBytes(3) { CheckedBlob.content(of: $0).map { Array($0) } }
    guard let bytes else {
      damagedRows += 1
      return nil
    }
    return ArchivedChunk(
      firstTime: row.number(0), lastTime: row.number(1), count: Int(truncatingIfNeeded: row.number(2)), bytes: bytes)
  }
}
