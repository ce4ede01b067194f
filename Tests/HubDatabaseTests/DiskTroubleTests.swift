import CSQLite
import Durability
import Logging
import Testing
import TimeSeriesStorage

@testable import HubDatabase

/// A disk that takes nothing: what is appended waits, nothing is lost, and it goes on by itself when the disk does.
@Suite struct DiskTroubleTests {
  private static let now: Int64 = 1_700_000_000_000

  /// As a full disk, a disk that was made read-only, and a broken one are told by SQLite.
  @Test(arguments: [
    SQLITE_FULL, SQLITE_READONLY, SQLITE_IOERR | 3 << 8, SQLITE_IOERR | 4 << 8,
  ])
  func waitsAndGoesOn(code: Int32) throws {
    let directory = try TemporaryDirectory()
    let vfs = RecordingVFS(name: "trouble-\(code)")
    var limits = DatabaseLimits()
    limits.retryInterval = 1
    limits.pendingCommitBytes = 1_000
    let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let opened = try HubDatabase.open(directory: directory.path, limits: limits, logger: silent, vfs: vfs.name)
    let (store, database) = (opened.store, opened.database)
    let series = try store.series(of: store.device(named: "kitchen"), metric: "value")
    func append(_ number: Int) -> CommitSequence {
      var batch = ReadingBatch()
      batch.readings.append(
        PendingReading(
          series: series, time: Self.now + Int64(number), kind: .number, bits: Double(number).bitPattern,
          assignsUniqueTime: false))
      _ = store.append(&batch, receivedAt: Self.now)
      return database.append(batch, receivedAt: Self.now, urgency: .immediate)
    }
    let committed = Monitor<CommitSequence>(.none)
    database.observeCommits { sequence in
      committed.withLock { $0 = sequence }
      committed.signal()
    }
    let before = append(0)
    committed.wait { committed, _ in committed >= before ? () : nil }
    #expect(database.trouble == nil)

    vfs.fail(code)
    var last = before
    for number in 1..<100 { last = append(number) }
    while database.statistics.failedCommits < 3 {}
    #expect(database.committed == before)
    #expect(database.isFull)
    #expect(database.trouble != nil)

    vfs.fail(nil)
    committed.wait { committed, _ in committed >= last ? () : nil }
    #expect(database.trouble == nil)
    #expect(!database.isFull)
    database.stop()

    let again = try HubDatabase.open(directory: directory.path, logger: silent)
    #expect(again.store.statistics.readingsStored == 100)
    again.database.stop()
  }
}
