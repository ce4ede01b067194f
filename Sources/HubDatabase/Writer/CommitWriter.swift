import Durability
import MQTTBroker
import TimeSeriesStorage

/// The one connection that writes, and what it writes. Used on the writer's thread only.
final class CommitWriter {
  let connection: SQLiteConnection
  let store: TimeSeriesStore
  let limits: DatabaseLimits
  let chunkWriter: ChunkWriter
  let rollupRows: RollupRows
  let rollupWriter: RollupWriter
  private let brokerRows: BrokerRowWriter
  /// Makes rows of the broker's changes.
  private var folder: BrokerChangeFolder
  let deleteJournal: SQLiteStatement
  private let numbers: Shared<SeriesNumbers>
  private let journal = JournalWriter()
  private let insertJournal: SQLiteStatement
  private let insertSeries: SQLiteStatement
  let pageCount: SQLiteStatement
  let freePageCount: SQLiteStatement
  /// Series that got a number in the open transaction.
  private var added: [SeriesID] = []
  /// Bytes of the journal's rows.
  var journalBytes: Int64
  /// The journal's last committed row. Numbers are not used again: series remember up to which row they are in chunks.
  private(set) var lastRow: Int64
  /// Under way, or nil.
  var checkpoint: Checkpoint?
  /// Under way, or nil.
  var sealing: Sealing?
  /// Bytes that the journal had when full chunks were last written.
  var journalBytesAtSealing: Int64 = 0
  /// What the work before left behind.
  var memory = ReleasedMemory()
  var retention: RetentionPass?
  /// Chunks are being summed up that were not before, or nil.
  var recomputation: RollupRecomputation?
  /// By the numbers of the file.
  var storedBytes: StoredBytes
  /// Pages of the file that hold something, as of the last transaction.
  var usedPages: Int64 = 0
  /// Readings that went because of retention or the disk's budget.
  var removedReadings = 0
  /// From which time on the file has everything; read by queries.
  let coverage: Shared<StoredCoverage>
  private let rollupCache: RollupCache
  /// Of the open transaction.
  var changes: [StoredChange] = []

  init(
    _ connection: SQLiteConnection, store: TimeSeriesStore, numbers: Shared<SeriesNumbers>, storedBytes: StoredBytes,
    coverage: Shared<StoredCoverage>, rollupCache: RollupCache, broker: RestoredState, limits: DatabaseLimits
  ) throws(SQLiteError) {
    self.connection = connection
    self.rollupCache = rollupCache
    self.store = store
    self.numbers = numbers
    self.limits = limits
    self.storedBytes = storedBytes
    self.coverage = coverage
    rollupRows = try RollupRows(connection)
    rollupWriter = try RollupWriter(connection, rows: rollupRows)
    recomputation = try RollupRecomputation.unfinished(connection)
    chunkWriter = try ChunkWriter(connection)
    brokerRows = try BrokerRowWriter(connection)
    folder = BrokerChangeFolder(resuming: broker)
    insertJournal = try connection.prepare("INSERT INTO journal(id, data) VALUES(?1, ?2)")
    deleteJournal = try connection.prepare("DELETE FROM journal WHERE id <= ?1")
    insertSeries = try connection.prepare("INSERT INTO series(id, device, metric) VALUES(?1, ?2, ?3)")
    pageCount = try connection.prepare("PRAGMA page_count")
    freePageCount = try connection.prepare("PRAGMA freelist_count")
    journalBytes = try connection.number("SELECT total(length(data)) FROM journal")
    lastRow = try max(
      connection.number("SELECT max(id) FROM journal"), connection.number("SELECT max(journal) FROM series"))
    if recomputation != nil { coverage.withLock { $0.hasRollups = false } }
    try connection.execute("PRAGMA max_page_count=\(Self.maximumPages(limits))")
    try lookAtPages()
    // What the restore left behind.
    memory.used()
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
    try makeRoom(for: gathering.byteCount)
    try transaction { () throws(SQLiteError) in
      if !gathering.readings.isEmpty { written = try writeJournal(gathering.readings) }
      for operation in operations { try brokerRows.perform(operation) }
    }
    if written > 0 { lastRow += 1 }
    journalBytes += Int64(written)
    try? moveLog()
  }

  /// Runs `body` in a transaction, which is committed whole or not at all.
  func transaction(_ body: () throws(SQLiteError) -> Void) throws(SQLiteError) {
    defer { forgetRollups() }
    added.removeAll(keepingCapacity: true)
    changes.removeAll(keepingCapacity: true)
    do throws(SQLiteError) {
      try connection.execute("BEGIN IMMEDIATE")
      try body()
      // Within it: a look from outside would be a transaction of its own.
      try? lookAtPages()
      try connection.execute("COMMIT")
      for series in added {
        guard let names = store.names(of: series), let number = numbers.withLock({ $0[series] }) else { continue }
        storedBytes.add(number, device: names.device)
      }
      for change in changes {
        storedBytes.change(change.series, change.kind, by: change.bytes)
        coverage.withLock { $0.raise(change.series, to: change.coverage) }
      }
    } catch {
      // Some errors have ended the transaction already.
      if connection.isInTransaction { try? connection.execute("ROLLBACK") }
      numbers.withLock { [added] in $0.remove(added) }
      throw error
    }
  }

  /// Before anybody hears of what the transaction has changed.
  private func forgetRollups() {
    let series = rollupRows.takeTouched()
    if !series.isEmpty { rollupCache.forget(series) }
  }

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
    try insertJournal.bind(1, lastRow + 1)
    try insertJournal.bind(2, borrowing: bytes)
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
