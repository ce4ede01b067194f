import TimeSeriesStorage

/// Reads the rollups of a series. Of one thread at a time.
final class RollupReader {
  /// A row.
  struct Row {
    /// Starts of its first and last bucket.
    var first: Int64
    var last: Int64
    /// Buckets.
    var count: Int
    /// Nil where the row's content is not what was written.
    var segment: RollupSegment?
  }

  private let inRange: SQLiteStatement
  /// Rows whose content is not what was written; they are left out.
  private(set) var damagedRows = 0

  init(_ connection: SQLiteConnection) throws(SQLiteError) {
    // Segments do not overlap, as chunks do not.
    inRange = try connection.prepare(
      """
      SELECT first, last, count, data FROM rollups WHERE series = ?1 AND level = ?2 AND first < ?4 AND first >=
        coalesce((SELECT max(first) FROM rollups WHERE series = ?1 AND level = ?2 AND first <= ?3), ?3) ORDER BY first
      """)
  }

  /// The rows of buckets that begin in `from..<to`, and the one before them; at most `limit`, the rest begins at the time
  /// that comes with them.
  func rows(
    ofSeries number: Int64, level: RollupLevel, from: Int64, to: Int64, limit: Int = .max
  ) throws(SQLiteError) -> (rows: [Row], resumeTime: Int64?) {
    defer { inRange.reset() }
    try inRange.bind(1, number)
    try inRange.bind(2, Int64(level.rawValue))
    try inRange.bind(3, from)
    try inRange.bind(4, to)
    var rows: [Row] = []
    while try inRange.step() {
      guard rows.count < limit else { return (rows, max(from, inRange.number(0))) }
      rows.append(
        Row(
          first: inRange.number(0), last: inRange.number(1), count: Int(truncatingIfNeeded: inRange.number(2)),
          segment: segment()))
    }
    return (rows, nil)
  }

  private func segment() -> RollupSegment? {
    if let bytes = inRange.checkedBytes(3), let segment = try? RollupSegment(bytes) { return segment }
    damagedRows += 1
    return nil
  }
}
