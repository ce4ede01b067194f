import CSQLite
import Durability
import Logging
import Testing
import TimeSeriesStorage

@testable import HubDatabase

@Suite struct HubDatabaseTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func open(_ limits: DatabaseLimits = DatabaseLimits()) throws -> HubDatabase.Opened {
    try HubDatabase.open(directory: directory.path, limits: limits, logger: Self.silent)
  }

  private static let now: Int64 = 1_700_000_000_000

  private func batch(_ store: TimeSeriesStore, _ device: String, _ values: [Double], from time: Int64 = now) throws
    -> ReadingBatch
  {
    let series = try store.series(of: store.device(named: device), metric: "value")
    var batch = ReadingBatch()
    for (index, value) in values.enumerated() {
      batch.readings.append(
        PendingReading(
          series: series, time: time + Int64(index), kind: .number, bits: value.bitPattern, assignsUniqueTime: false))
    }
    return batch
  }

  private func values(_ store: TimeSeriesStore, _ device: String) throws -> [Value] {
    guard let id = store.findDevice(named: device), let series = store.findSeries(of: id, metric: "value") else {
      return []
    }
    return try store.snapshot(of: series, from: .min, to: .max).map(\.value)
  }

  @Test(arguments: [false, true])
  func whatWasCommittedIsThereAgain(emptiesJournal: Bool) throws {
    var limits = DatabaseLimits()
    limits.emptiesJournal = emptiesJournal
    let opened = try open(limits)
    let (store, database) = (opened.store, opened.database)
    #expect(opened.report == RecoveryReport())
    var last = CommitSequence.none
    for part in 0..<50 {
      var batch = try batch(store, "kitchen", [Double(part), -0.0, .nan], from: Self.now + Int64(part) * 3)
      _ = store.append(&batch, receivedAt: Self.now)
      let sequence = database.append(batch, receivedAt: Self.now, urgency: .deferrable)
      #expect(sequence > last)
      last = sequence
    }
    database.stop()
    #expect(database.committed == last)

    let again = try open()
    #expect(again.report.journalReadings == (emptiesJournal ? 0 : 150))
    #expect(again.report.chunkReadings == (emptiesJournal ? 150 : 0))
    #expect(again.report.series == 1)
    let (former, found) = try (values(store, "kitchen"), values(again.store, "kitchen"))
    #expect(former.map(\.pattern) == found.map(\.pattern))
    again.database.stop()
  }

  @Test func newSeriesGoOnWithTheNumbersOfTheFile() throws {
    for round in 0..<4 {
      let opened = try open()
      let (store, database) = (opened.store, opened.database)
      for device in ["a", "b", "device-\(round)"] {
        var batch = try batch(store, device, [Double(round)], from: Self.now + Int64(round))
        _ = store.append(&batch, receivedAt: Self.now)
        _ = database.append(batch, receivedAt: Self.now, urgency: .deferrable)
      }
      database.stop()
    }
    let opened = try open()
    let (store, database) = (opened.store, opened.database)
    #expect(opened.report.series == 6)
    #expect(try values(store, "a") == (0..<4).map { .number(Double($0)) })
    #expect(try values(store, "device-2") == [.number(2)])
    database.stop()
  }

  @Test func observersHearOfCommitsInOrder() throws {
    let opened = try open()
    let (store, database) = (opened.store, opened.database)
    let heard = Shared<[CommitSequence]>([])
    database.observeCommits { sequence in heard.withLock { $0.append(sequence) } }
    for _ in 0..<100 {
      _ = database.append(try batch(store, "a", [1]), receivedAt: Self.now, urgency: .immediate)
    }
    database.stop()
    let all = heard.withLock { $0 }
    #expect(all == all.sorted())
    #expect(all.last == database.committed)
  }

  @Test func whatNobodyWaitsForGoesWithTheNextThatSomebodyDoes() throws {
    var limits = DatabaseLimits()
    limits.relaxedCommitInterval = 3_600_000
    let opened = try open(limits)
    let (store, database) = (opened.store, opened.database)
    let committed = Monitor<CommitSequence?>(nil)
    database.observeCommits { sequence in
      committed.withLock { $0 = sequence }
      committed.signal()
    }
    let relaxed = database.append(try batch(store, "a", [1]), receivedAt: Self.now, urgency: .relaxed)
    #expect(database.committed < relaxed)
    let awaited = database.append(try batch(store, "a", [2]), receivedAt: Self.now, urgency: .deferrable)
    #expect(committed.wait { sequence, _ in sequence } == awaited)
    #expect(database.statistics.commits == 1)
    database.stop()
  }

  @Test func isFullWhileTooMuchWaits() throws {
    var limits = DatabaseLimits()
    limits.relaxedCommitInterval = 3_600_000
    limits.pendingCommitBytes = 24 * 10
    let opened = try open(limits)
    let (store, database) = (opened.store, opened.database)
    #expect(!database.isFull)
    _ = database.append(try batch(store, "a", Array(repeating: 1, count: 20)), receivedAt: 0, urgency: .relaxed)
    #expect(database.isFull)
    database.stop()
    #expect(!database.isFull)
  }

  @Test func oneHubADirectory() throws {
    let database = try open().database
    #expect(throws: DatabaseError.inUse(directory: directory.path)) { try open() }
    database.stop()
  }

  @Test func aDirectoryThatCannotBeMadeIsNamed() {
    let path = "/proc/nowhere/hub"
    let error = #expect(throws: DatabaseError.self) {
      try HubDatabase.open(directory: path, logger: Self.silent)
    }
    #expect(error?.description.contains(path) == true)
    #expect(error?.description.contains("--data-dir") == true)
  }
}

extension Value {
  /// Tells apart what is equal and not the same: zeros, and not-a-numbers.
  fileprivate var pattern: String {
    if case .number(let number) = self { return "\(number.bitPattern)" }
    return "\(self)"
  }
}
