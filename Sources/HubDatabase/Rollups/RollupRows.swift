import TimeSeriesStorage

/// Writes and removes rows of rollups, within a transaction of its owner.
final class RollupRows {
  /// What a removal took from the file.
  struct Removed {
    var bytes: Int64 = 0
    /// Where the last bucket ended: from there on everything is there.
    var end = Int64.min
  }

  /// Series of which rows were written or removed.
  private(set) var touched: Set<Int64> = []

  private let later: SQLiteStatement
  private let deleteOne: SQLiteStatement
  private let deleteBefore: SQLiteStatement
  private let deleteBeginning: SQLiteStatement
  private let insertOne: SQLiteStatement
  private let grow: SQLiteStatement
  private let shrink: SQLiteStatement
  private let ends: SQLiteStatement

  init(_ connection: SQLiteConnection) throws(SQLiteError) {
    later = try connection.prepare("SELECT 1 FROM rollups WHERE series = ?1 AND level = ?2 AND first > ?3 LIMIT 1")
    deleteOne = try connection.prepare(
      "DELETE FROM rollups WHERE series = ?1 AND level = ?2 AND first = ?3 RETURNING length(data), last")
    deleteBefore = try connection.prepare(
      "DELETE FROM rollups WHERE series = ?1 AND level = ?2 AND first < ?3 AND last < ?3 RETURNING length(data), last")
    deleteBeginning = try connection.prepare(
      "DELETE FROM rollups WHERE series = ?1 AND level = ?2 AND first <= ?3 RETURNING length(data), last")
    insertOne = try connection.prepare(
      "INSERT INTO rollups(series, level, first, last, count, data) VALUES(?1, ?2, ?3, ?4, ?5, ?6)")
    grow = try connection.prepare("UPDATE series SET rollup_bytes = rollup_bytes + ?2 WHERE id = ?1")
    shrink = try connection.prepare(
      """
      UPDATE series SET rollup_bytes = rollup_bytes - ?2,
        minutes_from = CASE WHEN ?4 = 1 THEN max(coalesce(minutes_from, ?3), ?3) ELSE minutes_from END WHERE id = ?1
      """)
    ends = try connection.prepare(
      """
      SELECT min(first), (SELECT last FROM rollups WHERE series = ?1 AND level = ?2 ORDER BY first DESC LIMIT 1)
        FROM rollups WHERE series = ?1 AND level = ?2
      """)
  }

  /// Whether there is a segment that begins behind a time.
  func hasLater(than time: Int64, _ level: RollupLevel, ofSeries number: Int64) throws(SQLiteError) -> Bool {
    defer { later.reset() }
    try bind(later, number, level, time)
    return try later.step()
  }

  /// Says how many bytes the row takes.
  func insert(
    _ rollups: ArraySlice<Rollup>, _ level: RollupLevel, ofSeries number: Int64
  ) throws(SQLiteError) -> Int64 {
    guard let first = rollups.first, let last = rollups.last else { return 0 }
    touched.insert(number)
    let data = CheckedBlob.blob(of: RollupSegment.encode(rollups))
    try bind(insertOne, number, level, first.start)
    try insertOne.bind(4, last.start)
    try insertOne.bind(5, Int64(rollups.count))
    try insertOne.bind(6, data)
    try insertOne.run()
    return Int64(data.count)
  }

  /// Deletes the segment that begins at a time, to be written anew; says how many bytes it had.
  func delete(_ first: Int64, _ level: RollupLevel, ofSeries number: Int64) throws(SQLiteError) -> Int64 {
    try run(deleteOne, number, level, first).bytes
  }

  /// Books what a series' rollups grew by.
  func grew(_ number: Int64, by bytes: Int64) throws(SQLiteError) {
    try grow.bind(1, number)
    try grow.bind(2, bytes)
    try grow.run()
  }

  /// The series that were touched since it was last asked.
  func takeTouched() -> Set<Int64> {
    defer { touched = [] }
    return touched
  }

  // MARK: Removing

  /// The start of a series' first bucket of a level, and of the last; nil where it has none.
  func span(ofSeries number: Int64, _ level: RollupLevel) throws(SQLiteError) -> (first: Int64, last: Int64)? {
    defer { ends.reset() }
    try ends.bind(1, number)
    try ends.bind(2, Int64(level.rawValue))
    guard try ends.step(), !ends.isNull(0) else { return nil }
    return (ends.number(0), ends.number(1))
  }

  /// Removes segments whose buckets all begin before a time.
  func remove(ofSeries number: Int64, _ level: RollupLevel, before end: Int64) throws(SQLiteError) -> Removed {
    try remove(deleteBefore, number, level, end)
  }

  /// Removes segments that begin at a time or before.
  func remove(
    ofSeries number: Int64, _ level: RollupLevel, startingBy first: Int64
  ) throws(SQLiteError) -> Removed {
    try remove(deleteBeginning, number, level, first)
  }

  private func remove(
    _ deletion: SQLiteStatement, _ number: Int64, _ level: RollupLevel, _ time: Int64
  ) throws(SQLiteError) -> Removed {
    let removed = try run(deletion, number, level, time)
    guard removed.bytes > 0 else { return removed }
    try shrink.bind(1, number)
    try shrink.bind(2, removed.bytes)
    try shrink.bind(3, removed.end)
    try shrink.bind(4, Int64(level.rawValue))
    try shrink.run()
    return removed
  }

  private func run(
    _ deletion: SQLiteStatement, _ number: Int64, _ level: RollupLevel, _ time: Int64
  ) throws(SQLiteError) -> Removed {
    touched.insert(number)
    defer { deletion.reset() }
    try bind(deletion, number, level, time)
    var removed = Removed()
    while try deletion.step() {
      removed.bytes += deletion.number(0)
      removed.end = max(removed.end, level.end(of: deletion.number(1)))
    }
    return removed
  }

  private func bind(
    _ statement: SQLiteStatement, _ number: Int64, _ level: RollupLevel, _ time: Int64
  ) throws(SQLiteError) {
    try statement.bind(1, number)
    try statement.bind(2, Int64(level.rawValue))
    try statement.bind(3, time)
  }
}
