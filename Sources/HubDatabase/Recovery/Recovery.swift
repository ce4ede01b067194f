import TimeSeriesStorage

/// Brings what the file holds into an empty store.
struct Recovery {
  private let connection: SQLiteConnection
  private let store: TimeSeriesStore
  private let numbers: Shared<SeriesNumbers>
  /// By the file's number.
  private var places: [Int64: SeriesID] = [:]
  private var report = RecoveryReport()

  init(_ connection: SQLiteConnection, store: TimeSeriesStore, numbers: Shared<SeriesNumbers>) {
    self.connection = connection
    self.store = store
    self.numbers = numbers
  }

  mutating func run() throws(SQLiteError) -> RecoveryReport {
    try restoreSeries()
    try replayJournal()
    return report
  }

  private mutating func restoreSeries() throws(SQLiteError) {
    let rows = try connection.prepare("SELECT id, device, metric FROM series ORDER BY id")
    while try rows.step() {
      let number = rows.number(0)
      let series = try? store.series(of: store.device(named: rows.text(1)), metric: rows.text(2))
      if let series { places[number] = series }
      numbers.withLock { $0.restore(UInt32(truncatingIfNeeded: number), for: series) }
      report.series += 1
    }
  }

  /// The readings that no chunk holds yet, in the order in which they came.
  private mutating func replayJournal() throws(SQLiteError) {
    let rows = try connection.prepare("SELECT data FROM journal ORDER BY id")
    var batch = ReadingBatch()
    while try rows.step() {
      rows.withBytes(0) { bytes in
        do throws(JournalFault) {
          guard let bytes = CheckedBlob.content(of: bytes) else { throw JournalFault(reason: "its checksum") }
          var reader = try JournalReader(bytes)
          while let receivedAt = try reader.next(into: &batch, place: { places[$0] }) {
            report.journalReadings += batch.readings.count
            _ = store.append(&batch, receivedAt: receivedAt)
          }
        } catch {
          report.damagedRows += 1
        }
      }
    }
  }
}
