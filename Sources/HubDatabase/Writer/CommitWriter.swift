import Durability
import MQTTBroker
import TimeSeriesStorage

/// The one connection that writes, and what it writes. Used on the writer's thread only.
final class CommitWriter {
  let connection: SQLiteConnection
  let store: TimeSeriesStore
  let limits: DatabaseLimits
  let chunkWriter: ChunkWriter
  private let brokerRows: BrokerRowWriter
  /// Makes rows of the broker's changes.
  private var folder: BrokerChangeFolder
  let deleteJournal: SQLiteStatement
  private let numbers: Shared<SeriesNumbers>
  private let journal = JournalWriter()
  private let insertJournal: SQLiteStatement
  private let insertSeries: SQLiteStatement
  /// Series that got a number in the open transaction.
  private var added: [SeriesID] = []
  /// Bytes of the journal's rows.
  var journalBytes: Int64
  /// Under way, or nil.
  var checkpoint: Checkpoint?
  var retention: RetentionPass?
  /// By the numbers of the file.
  var storedBytes: StoredBytes
  /// Pages of the file that hold something.
  var usedPages: Int64 = 0
  /// Readings that went because of retention or the disk's budget.
  var removedReadings = 0
  /// Changes of `storedBytes` in the open transaction.
  private var growth: [(series: Int64, bytes: Int64)] = []

  init(
    _ connection: SQLiteConnection, store: TimeSeriesStore, numbers: Shared<SeriesNumbers>, storedBytes: StoredBytes,
    broker: RestoredState, limits: DatabaseLimits
  ) throws(SQLiteError) {
    self.connection = connection
    self.store = store
    self.numbers = numbers
    self.limits = limits
    self.storedBytes = storedBytes
    chunkWriter = try ChunkWriter(connection)
    brokerRows = try BrokerRowWriter(connection)
    folder = BrokerChangeFolder(resuming: broker)
    insertJournal = try connection.prepare("INSERT INTO journal(data) VALUES(?1)")
    deleteJournal = try connection.prepare("DELETE FROM journal WHERE id <= ?1")
    insertSeries = try connection.prepare("INSERT INTO series(id, device, metric) VALUES(?1, ?2, ?3)")
    journalBytes = try connection.number("SELECT total(length(data)) FROM journal")
    try connection.execute("PRAGMA max_page_count=\(Self.maximumPages(limits))")
    try lookAtPages()
  }

  /// What the records of a commit do to rows; asked for once for each commit, however often it is tried.
  func operations(of gathering: Gathering) -> [RowOperation] {
    for case .broker(let records) in gathering.records {
      if let changes = records as? BrokerChanges { folder.fold(changes) }
    }
    return folder.isEmpty ? [] : folder.takeOperations()
  }

  /// Makes everything gathered durable, or nothing.
  func commit(_ gathering: Gathering, _ operations: [RowOperation]) throws(SQLiteError) {
    var written = 0
    try transaction { () throws(SQLiteError) in
      if !gathering.readings.isEmpty { written = try writeJournal(gathering.readings) }
      for operation in operations { try brokerRows.perform(operation) }
    }
    journalBytes += Int64(written)
    try? moveLog()
  }

  /// Runs `body` in a transaction, which is committed whole or not at all.
  func transaction(_ body: () throws(SQLiteError) -> Void) throws(SQLiteError) {
    added.removeAll(keepingCapacity: true)
    growth.removeAll(keepingCapacity: true)
    do throws(SQLiteError) {
      try connection.execute("BEGIN IMMEDIATE")
      try body()
      try connection.execute("COMMIT")
      for series in added {
        guard let names = store.names(of: series), let number = numbers.withLock({ $0[series] }) else { continue }
        storedBytes.add(number, device: names.device, bytes: 0)
      }
      for (series, bytes) in growth { storedBytes.change(series, by: bytes) }
    } catch {
      // Some errors have ended the transaction already.
      if connection.isInTransaction { try? connection.execute("ROLLBACK") }
      numbers.withLock { [added] in $0.remove(added) }
      throw error
    }
  }

  /// The chunks of a series take so many bytes more, once the open transaction is committed.
  func changed(_ number: Int64, by bytes: Int64) { growth.append((number, bytes)) }

  /// The series' number in the file, given to it in this transaction where it has none.
  func number(of series: SeriesID) throws(SQLiteError) -> Int64 {
    if let known = numbers.withLock({ $0[series] }) { return known }
    let number = numbers.withLock { $0.add(series) }
    try insert([series])
    return number
  }

  private func writeJournal(_ readings: GatheredReadings) throws(SQLiteError) -> Int {
    let new = numbers.withLock { numbers in
      var new: [SeriesID] = []
      journal.write(readings) { series in
        if let number = numbers[series] { return number }
        new.append(series)
        return numbers.add(series)
      }
      return new
    }
    try insert(new)
    let bytes = journal.bytes
    try insertJournal.bind(1, borrowing: bytes)
    try insertJournal.run()
    return bytes.count
  }

  private func insert(_ new: [SeriesID]) throws(SQLiteError) {
    added += new
    for series in new {
      guard let names = store.names(of: series), let number = numbers.withLock({ $0[series] }) else { continue }
      try insertSeries.bind(1, number)
      try insertSeries.bind(2, names.device)
      try insertSeries.bind(3, names.metric)
      try insertSeries.run()
    }
  }

  /// Moves SQLite's write-ahead log into the database where it has grown long. What fails here is tried again later, and
  /// loses nothing.
  func moveLog() throws(SQLiteError) {
    guard connection.writeAheadLogFrames >= limits.writeAheadLogFrames else { return }
    try connection.checkpoint()
  }
}
