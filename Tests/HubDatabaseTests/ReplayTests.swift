import Testing
import TimeSeriesStorage

@testable import HubDatabase

/// What a start takes from the journal, and what it leaves to chunks.
@Suite struct ReplayTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func open() throws -> (hub: SynchronousHub, series: SeriesID) {
    let hub = try SynchronousHub(
      directory: directory.path, storage: StorageLimits(memoryBytes: 1 << 20, rawRetention: .max))
    return (hub, try hub.store.series(of: hub.store.device(named: "d"), metric: "m"))
  }

  private func commit(_ times: Range<Int64>, _ value: Double, _ hub: SynchronousHub, _ series: SeriesID) throws {
    var batch = ReadingBatch()
    for time in times { batch.add(series, time, .number(value + Double(time))) }
    try hub.commit(batch)
  }

  private func readings(_ hub: SynchronousHub, _ series: SeriesID) throws -> [Reading] {
    Array(try hub.store.snapshot(of: series, from: .min, to: .max))
  }

  @Test func whatIsInChunksIsNotReplayed() throws {
    var (hub, series) = try open()
    try commit(0..<1_000, 0, hub, series)
    try hub.seal()
    // Replaced, late and new readings behind what is in chunks.
    try commit(500..<510, 7, hub, series)
    try commit(1_000..<1_100, 0, hub, series)
    let before = try readings(hub, series)
    #expect(before.count == 1_100)
    #expect(before[505].value == .number(512))
    hub.close()
    (hub, series) = try open()
    #expect(hub.report.journalReadings == 110)
    #expect(try readings(hub, series) == before)
    hub.close()
  }

  @Test func rowsOfAnEmptiedJournalDoNotGetNumbersOfFormerOnes() throws {
    var (hub, series) = try open()
    for part in Int64(0)..<20 { try commit(part * 10..<part * 10 + 10, 0, hub, series) }
    try hub.finishCheckpoint()
    #expect(try hub.writer.connection.number("SELECT count(*) FROM journal") == 0)
    hub.close()
    (hub, series) = try open()
    try commit(200..<210, 0, hub, series)
    hub.close()
    (hub, series) = try open()
    #expect(hub.report.journalReadings == 10)
    #expect(try readings(hub, series).count == 210)
    hub.close()
  }

  @Test func aDamagedChunkIsMadeOfTheJournalAgain() throws {
    var (hub, series) = try open()
    try commit(0..<1_000, 0, hub, series)
    try hub.seal()
    let before = try readings(hub, series)
    hub.close()
    do {
      let connection = try SQLiteConnection(path: directory.path + "/hub.db", mode: .readWrite)
      try connection.execute(
        "UPDATE chunks SET data = zeroblob(40) WHERE first = (SELECT min(first) FROM chunks WHERE first > 100)")
    }
    (hub, series) = try open()
    #expect(hub.report.damagedRows == 1)
    #expect(hub.report.journalReadings == 1_000)
    #expect(try readings(hub, series) == before)
    hub.close()
  }

  @Test func whatIsSentAgainIsNotWrittenAgain() throws {
    let (hub, series) = try open()
    try commit(0..<1_000, 0, hub, series)
    try hub.finishCheckpoint()
    #expect(hub.store.unpersistedBytes == 0)
    try commit(0..<700, 0, hub, series)
    #expect(hub.store.unpersistedBytes == 0)
    try commit(300..<301, 5, hub, series)
    #expect(hub.store.unpersistedBytes > 0)
    #expect(try readings(hub, series)[300].value == .number(305))
    hub.close()
  }
}
