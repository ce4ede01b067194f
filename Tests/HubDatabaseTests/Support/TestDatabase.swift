import Durability
import Glibc
import Logging
import TimeSeriesStorage

@testable import HubDatabase

/// A database with its store, driven from one thread: what it says is committed when a call returns.
final class TestDatabase {
  /// What came of an append.
  typealias Entry = (series: SeriesID, time: Int64, value: Value)

  struct NotCommitted: Error {
    let trouble: DatabaseTrouble
    let statistics: DatabaseStatistics
  }

  struct NeverSettled: Error { let statistics: DatabaseStatistics }

  static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  let store: TimeSeriesStore
  let database: HubDatabase
  let report: RecoveryReport
  private let path: String
  private let committed = Monitor(CommitSequence.none)

  /// - Parameter storage: with a retention that keeps every reading, where it is left out.
  init(
    _ directory: TemporaryDirectory, limits: DatabaseLimits = DatabaseLimits(),
    storage: StorageLimits = StorageLimits(rawRetention: .max)
  ) throws {
    let opened = try HubDatabase.open(
      directory: directory.path, storage: storage, limits: limits, logger: Self.silent)
    (store, database, report) = (opened.store, opened.database, opened.report)
    path = directory.path + "/" + HubDatabase.fileName
    database.observeCommits { [committed] sequence in
      committed.withLock { $0 = sequence }
      committed.signal()
    }
  }

  func series(_ device: String, _ metric: String = "value") throws -> SeriesID {
    try store.series(of: store.device(named: device), metric: metric)
  }

  /// Appends to the store and the journal; waits for the commit.
  @discardableResult
  func append(_ entries: some Sequence<Entry>, receivedAt: Int64 = 0) throws -> AppendOutcome {
    var batch = ReadingBatch()
    for (series, time, value) in entries { batch.add(series, time, value) }
    let outcome = store.append(&batch, receivedAt: receivedAt)
    try wait(for: database.append(batch, receivedAt: receivedAt, urgency: .immediate))
    return outcome
  }

  /// One commit of nothing that a table has: behind it the writer does a part of what waits.
  func tick() throws { try wait(for: database.append(.device(name: "", fact: []), urgency: .immediate)) }

  /// Gives the writer time until something holds.
  func settle(_ isSettled: (DatabaseStatistics) -> Bool) throws {
    for _ in 0..<50_000 {
      try tick()
      if isSettled(database.statistics) { return }
    }
    throw NeverSettled(statistics: database.statistics)
  }

  /// Waits for a commit; one that does not succeed is the error.
  private func wait(for sequence: CommitSequence) throws {
    let trouble: DatabaseTrouble? = committed.wait { [database] committed, until in
      if committed >= sequence { return .some(nil) }
      until = MonotonicClock.now() + 100
      return database.trouble.map { .some($0) }
    }
    if let trouble { throw NotCommitted(trouble: trouble, statistics: database.statistics) }
  }

  /// All readings of a series, of memory and file.
  func readings(_ device: String, _ metric: String = "value") throws -> [Reading] {
    guard let id = store.findDevice(named: device), let series = store.findSeries(of: id, metric: metric) else {
      return []
    }
    return try Array(store.snapshot(of: series, from: .min, to: .max))
  }

  // MARK: The file

  /// Bytes of the file, and of its write-ahead log.
  var fileBytes: (database: Int64, log: Int64) { (Self.size(of: path), Self.size(of: path + "-wal")) }

  private static func size(of path: String) -> Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : 0
  }

  /// A number of the file as a reader sees it.
  func number(_ sql: String) throws -> Int64 {
    try SQLiteConnection(path: path, mode: .readOnly).number(sql)
  }
}

extension Reading {
  /// Tells apart what is equal and not the same: zeros, and not-a-numbers.
  var pattern: String {
    if case .number(let number) = value { return "\(time) \(number.bitPattern)" }
    return "\(time) \(value)"
  }
}
