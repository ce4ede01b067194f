import Durability
import TimeSeriesStorage

/// The one connection that writes, and what it writes. Used on the writer's thread only.
final class CommitWriter {
  private let connection: SQLiteConnection
  private let store: TimeSeriesStore
  private let numbers: Shared<SeriesNumbers>
  private let limits: DatabaseLimits
  private let journal = JournalWriter()
  private let insertJournal: SQLiteStatement
  private let insertSeries: SQLiteStatement
  /// Bytes of the journal's rows.
  private(set) var journalBytes: Int64

  init(
    _ connection: SQLiteConnection, store: TimeSeriesStore, numbers: Shared<SeriesNumbers>, limits: DatabaseLimits
  ) throws(SQLiteError) {
    self.connection = connection
    self.store = store
    self.numbers = numbers
    self.limits = limits
    insertJournal = try connection.prepare("INSERT INTO journal(data) VALUES(?1)")
    insertSeries = try connection.prepare("INSERT INTO series(id, device, metric) VALUES(?1, ?2, ?3)")
    journalBytes = try connection.number("SELECT total(length(data)) FROM journal")
  }

  /// Makes everything gathered durable, or nothing.
  func commit(_ gathering: Gathering) throws(SQLiteError) {
    var added: [SeriesID] = []
    do throws(SQLiteError) {
      try connection.execute("BEGIN IMMEDIATE")
      var written = 0
      if !gathering.readings.isEmpty { written = try writeJournal(gathering.readings, added: &added) }
      try connection.execute("COMMIT")
      journalBytes += Int64(written)
    } catch {
      // Some errors have ended the transaction already.
      if connection.isInTransaction { try? connection.execute("ROLLBACK") }
      numbers.withLock { $0.remove(added) }
      throw error
    }
    try? moveLog()
  }

  private func writeJournal(_ readings: GatheredReadings, added: inout [SeriesID]) throws(SQLiteError) -> Int {
    added = numbers.withLock { numbers in
      var added: [SeriesID] = []
      journal.write(readings) { series in
        if let number = numbers[series] { return number }
        added.append(series)
        return numbers.add(series)
      }
      return added
    }
    for series in added { try insert(series) }
    let bytes = journal.bytes
    try insertJournal.bind(1, borrowing: bytes)
    try insertJournal.run()
    return bytes.count
  }

  private func insert(_ series: SeriesID) throws(SQLiteError) {
    guard let names = store.names(of: series), let number = numbers.withLock({ $0[series] }) else { return }
    try insertSeries.bind(1, number)
    try insertSeries.bind(2, names.device)
    try insertSeries.bind(3, names.metric)
    try insertSeries.run()
  }

  /// Moves SQLite's write-ahead log into the database where it has grown long. What fails here is tried again later, and
  /// loses nothing.
  private func moveLog() throws(SQLiteError) {
    guard connection.writeAheadLogFrames >= limits.writeAheadLogFrames else { return }
    try connection.checkpoint()
  }
}
