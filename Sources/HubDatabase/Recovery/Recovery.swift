import MQTTBroker
import TimeSeriesStorage

/// Brings what the file holds into an empty store: the newest chunks of each series, as many as memory is for, and then the
/// readings of the journal.
struct Recovery {
  /// What a chunk takes in memory, about.
  private static let chunkBytes = 600
  /// Above any number that a series can have.
  private static let maximumNumber = 1 << 28

  private let connection: SQLiteConnection
  private let store: TimeSeriesStore
  private let numbers: Shared<SeriesNumbers>
  private let coverage: Shared<StoredCoverage>
  private struct Place {
    var series: SeriesID
    /// The last row of the journal whose readings of the series are in chunks.
    var lastRow: Int64
  }

  /// By the file's number.
  private var places: [Place?] = []
  private var report = RecoveryReport()
  private(set) var storedBytes = StoredBytes()

  init(
    _ connection: SQLiteConnection, store: TimeSeriesStore, numbers: Shared<SeriesNumbers>,
    coverage: Shared<StoredCoverage>
  ) {
    self.connection = connection
    self.store = store
    self.numbers = numbers
    self.coverage = coverage
  }

  mutating func run() throws(SQLiteError) -> (report: RecoveryReport, broker: RestoredState) {
    try restoreSeries()
    try replayJournal()
    var reader = BrokerRowReader(connection)
    try reader.read()
    report.damagedRows += reader.damagedRows
    report.sessions = reader.state.sessions.count
    report.retained = reader.state.retained.count
    return (report, reader.state)
  }

  private mutating func restoreSeries() throws(SQLiteError) {
    let reader = try ChunkReader(connection)
    let limit = try chunksOfSeries()
    let rows = try connection.prepare(
      """
      SELECT id, device, metric, received, bytes, rollup_bytes, readings_from, minutes_from, journal FROM series
        ORDER BY id
      """)
    while try rows.step() {
      let number = rows.number(0)
      report.series += 1
      storedBytes.add(number, device: rows.text(1))
      storedBytes.change(number, .chunks, by: rows.number(4))
      storedBytes.change(number, .rollups, by: rows.number(5))
      let present = ArchiveCoverage(
        readingsFrom: rows.isNull(6) ? .min : rows.number(6), minutesFrom: rows.isNull(7) ? .min : rows.number(7))
      coverage.withLock { $0.raise(number, to: present) }
      let series = try? store.restoreSeries(device: rows.text(1), metric: rows.text(2))
      numbers.withLock { $0.restore(UInt32(truncatingIfNeeded: number), for: series) }
      guard let series else { continue }
      let damaged = (report.damagedRows, reader.damagedRows)
      let (chunks, isComplete) = try reader.newestChunks(ofSeries: number, limit: limit)
      restore(chunks, isComplete: isComplete, of: series, received: rows.number(3))
      // Where chunks are damaged, the journal may have what they had.
      let isWhole = damaged == (report.damagedRows, reader.damagedRows)
      set(Place(series: series, lastRow: isWhole ? rows.number(8) : 0), for: number)
    }
    report.damagedRows += reader.damagedRows
  }

  private mutating func set(_ place: Place, for number: Int64) {
    // Numbers are given one after the other; only a damaged row could have one far away.
    guard let index = Int(exactly: number), (0..<Self.maximumNumber).contains(index) else { return }
    while places.count <= index { places.append(nil) }
    places[index] = place
  }

  /// How many chunks of each series are loaded.
  private func chunksOfSeries() throws(SQLiteError) -> Int {
    let count = try connection.number("SELECT count(*) FROM series")
    return max(1, store.limits.memoryBytes / 4 * 3 / Self.chunkBytes / Int(max(1, count)))
  }

  private mutating func restore(_ chunks: [ArchivedChunk], isComplete: Bool, of series: SeriesID, received: Int64) {
    var chunks = chunks
    var isComplete = isComplete
    while true {
      do throws(RestoreError) {
        try store.restore(series, chunks: chunks, isComplete: isComplete, received: received)
        for chunk in chunks { report.chunkReadings += chunk.count }
        return
      } catch {
        // Left out, and again without it.
        switch error {
        case .damaged(let index, _), .overlapping(let index): chunks.remove(at: index)
        }
        report.damagedRows += 1
        isComplete = isComplete && !chunks.isEmpty
      }
    }
  }

  /// The series of a reading in a row of the journal; nil where a chunk holds it.
  private func place(of number: Int64, row: Int64) -> SeriesID? {
    guard number >= 0, number < places.count, let place = places[Int(number)], row > place.lastRow else { return nil }
    return place.series
  }

  /// The readings that no chunk holds yet, in the order in which they came.
  private mutating func replayJournal() throws(SQLiteError) {
    let rows = try connection.prepare("SELECT data, id FROM journal ORDER BY id")
    var batch = ReadingBatch()
    while try rows.step() {
      let row = rows.number(1)
      rows.withBytes(0) { bytes in
        do throws(JournalFault) {
          guard let bytes = CheckedBlob.content(of: bytes) else { throw JournalFault(reason: "its checksum") }
          var reader = try JournalReader(bytes)
          while let receivedAt = try reader.next(into: &batch, place: { place(of: $0, row: row) }) {
            report.journalReadings += batch.readings.count
            // By the same rules as then: what was refused is refused again.
            _ = store.append(&batch, receivedAt: receivedAt)
          }
        } catch {
          report.damagedRows += 1
        }
      }
    }
  }
}
