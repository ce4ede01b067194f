import Testing
import TimeSeriesStorage

@testable import HubDatabase

/// What rollups outlive, and what they are made of again.
@Suite struct RollupRetentionTests {
  private let directory: TemporaryDirectory
  private static let hour: Int64 = 3_600_000
  private static let day = 24 * hour

  init() throws { directory = try TemporaryDirectory() }

  private func open(_ limits: DatabaseLimits = DatabaseLimits()) throws -> SynchronousHub {
    try SynchronousHub(
      directory: directory.path, storage: StorageLimits(memoryBytes: 1 << 20, rawRetention: .max), limits: limits)
  }

  /// Ten days of a reading every ten seconds.
  private func fill(_ hub: SynchronousHub, _ device: String = "kitchen", days: Int64 = 10) throws -> SeriesID {
    let series = try hub.store.series(of: hub.store.device(named: device), metric: "temperature")
    for start in stride(from: 0, to: days * Self.day, by: Int(6 * Self.hour)) {
      var batch = ReadingBatch()
      for time in stride(from: start, to: start + 6 * Self.hour, by: 10_000) {
        batch.add(series, time, .number(Double(time / 10_000 % 1_000) / 4))
      }
      try hub.commit(batch)
    }
    try hub.finishCheckpoint()
    return series
  }

  @Test func rollupsOutliveTheirReadings() throws {
    var hub = try open()
    var series = try fill(hub)
    let minutes = try hub.rollups(series, .minute, from: 0, to: 10 * Self.day)
    let hours = try hub.rollups(series, .hour, from: 0, to: 10 * Self.day)
    #expect(minutes.count == 14_400)
    #expect(hours.count == 240)

    try hub.remove(RetentionCutoffs(readings: 8 * Self.day, minutes: 4 * Self.day, hours: .min))
    for starts in 0..<2 {
      let coverage = try #require(hub.database.coverage(of: [series]))
      #expect((7 * Self.day...8 * Self.day).contains(coverage.readingsFrom))
      #expect((3 * Self.day...4 * Self.day).contains(coverage.minutesFrom))
      // Memory may still have what the file has not, until it is needed for newer readings.
      #expect(try hub.store.snapshot(of: series, from: 0, to: 7 * Self.day).isEmpty == (starts > 0))
      let kept = try hub.rollups(series, .minute, from: coverage.minutesFrom, to: 10 * Self.day)
      #expect(kept == Array(minutes.suffix(kept.count)))
      #expect(kept.first?.start == coverage.minutesFrom)
      #expect(try hub.rollups(series, .hour, from: 0, to: 10 * Self.day) == hours)
      hub.close()
      hub = try open()
      series = try #require(hub.store.findSeries(of: try hub.store.device(named: "kitchen"), metric: "temperature"))
    }

    // A late reading in an hour whose readings are gone takes nothing from what they said.
    var late = ReadingBatch()
    late.add(series, 2 * Self.day + 1, .number(1e6))
    try hub.commit(late)
    try hub.finishCheckpoint()
    #expect(try hub.rollups(series, .hour, from: 0, to: 2 * Self.day) == Array(hours.prefix(48)))
    #expect(try hub.rollups(series, .hour, from: 3 * Self.day, to: 10 * Self.day) == Array(hours.suffix(168)))
    hub.close()
  }

  @Test func aFileOfVersion1IsSummedUp() throws {
    var hub = try open()
    var series = try fill(hub)
    let hours = try hub.rollups(series, .hour, from: 0, to: 10 * Self.day)
    let minutes = try hub.rollups(series, .minute, from: 0, to: 10 * Self.day)
    hub.close()
    do {
      // As the first version left its files.
      let connection = try SQLiteConnection(path: directory.path + "/hub.db", mode: .readWrite)
      try connection.execute(
        """
        DROP TABLE rollups; DROP TABLE state; ALTER TABLE series DROP COLUMN rollup_bytes;
        ALTER TABLE series DROP COLUMN readings_from; ALTER TABLE series DROP COLUMN minutes_from;
        ALTER TABLE series DROP COLUMN journal;
        PRAGMA user_version=1
        """)
    }
    hub = try open()
    series = try #require(hub.store.findSeries(of: try hub.store.device(named: "kitchen"), metric: "temperature"))
    #expect(hub.database.coverage(of: [series]) == nil)
    // Half of it, and the rest after another start.
    try hub.writer.advanceRecomputation()
    hub.close()
    hub = try open()
    #expect(hub.database.coverage(of: [series]) == nil)
    try hub.recomputeRollups()
    #expect(hub.database.coverage(of: [series]) == ArchiveCoverage())
    #expect(try hub.rollups(series, .hour, from: 0, to: 10 * Self.day) == hours)
    #expect(try hub.rollups(series, .minute, from: 0, to: 10 * Self.day) == minutes)
    hub.close()
    hub = try open()
    #expect(hub.writer.recomputation == nil)
    hub.close()
  }

  @Test func aFullDiskTakesReadingsFirstAndThenRollups() throws {
    var limits = DatabaseLimits()
    limits.diskBytes = 1 << 20
    limits.writeAheadLogReserve = 0
    let hub = try open(limits)
    var newest: [Rollup] = []
    for device in 0..<12 {
      // Ten days of one device after the other, each of which would fit alone.
      let series = try hub.store.series(of: hub.store.device(named: "d\(device)"), metric: "temperature")
      for start in stride(from: 0, to: 4 * Self.day, by: Int(Self.hour)) {
        var batch = ReadingBatch()
        for time in stride(from: start, to: start + Self.hour, by: 60_000) {
          batch.add(series, time, .number(Double(time / 60_000 * 7_919 % 10_007) / 4))
        }
        try hub.commit(batch)
        while hub.writer.wantsRoom { try hub.writer.makeRoom() }
        try hub.finishCheckpoint()
        while hub.writer.wantsRoom { try hub.writer.makeRoom() }
      }
      newest = try hub.rollups(series, .hour, from: 0, to: 4 * Self.day)
    }
    #expect(hub.writer.usedPages <= CommitWriter.maximumPages(limits))
    let bytes = hub.writer.storedBytes
    #expect(bytes.total(.chunks) > 0)
    #expect(bytes.total(.rollups) > 0)
    #expect(bytes.total(.chunks) * 8 > bytes.total(.rollups))
    #expect(newest.count == 96)
    let booked = try hub.writer.connection.number("SELECT sum(bytes) FROM series")
    #expect(booked == bytes.total(.chunks))
    #expect(try hub.writer.connection.number("SELECT total(length(data)) FROM chunks") == booked)
    let rollups = try hub.writer.connection.number("SELECT sum(rollup_bytes) FROM series")
    #expect(rollups == bytes.total(.rollups))
    #expect(try hub.writer.connection.number("SELECT total(length(data)) FROM rollups") == rollups)
    hub.close()
  }
}
