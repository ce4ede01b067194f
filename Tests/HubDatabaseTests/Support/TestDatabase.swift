import Durability
import Glibc
import Logging
import TimeSeriesStorage

@testable import HubDatabase

/// A database with its store, driven from one thread: what it says is committed when a call returns.
final class TestDatabase {
  /// What came of an append.
  typealias Entry = (series: SeriesID, time: Int64, value: Value)

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
  func append(_ entries: some Sequence<Entry>, receivedAt: Int64 = 0) -> AppendOutcome {
    var batch = ReadingBatch()
    for entry in entries { batch.add(entry) }
    let outcome = store.append(&batch, receivedAt: receivedAt)
    wait(for: database.append(batch, receivedAt: receivedAt, urgency: .immediate))
    return outcome
  }

  /// One commit of nothing that a table has: behind it the writer does a part of what waits.
  func tick() { wait(for: database.append(.device(name: "", fact: []), urgency: .immediate)) }

  /// Gives the writer time until something holds.
  func settle(_ isSettled: (DatabaseStatistics) -> Bool) throws {
    for _ in 0..<50_000 {
      tick()
      if isSettled(database.statistics) { return }
    }
    throw NeverSettled(statistics: database.statistics)
  }

  private func wait(for sequence: CommitSequence) {
    committed.wait { committed, _ in committed >= sequence ? () : nil }
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

extension ReadingBatch {
  mutating func add(_ entry: TestDatabase.Entry) {
    var reading = PendingReading(
      series: entry.series, time: entry.time, kind: .number, bits: 0, assignsUniqueTime: false)
    switch entry.value {
    case .number(let number): reading.bits = number.bitPattern
    case .boolean(let boolean):
      reading.kind = .boolean
      reading.bits = boolean ? 1 : 0
    case .text(let text):
      reading.kind = .text
      reading.bits = UInt64(texts.count)
      texts.append(text)
    }
    readings.append(reading)
  }
}

extension Reading {
  /// Tells apart what is equal and not the same: zeros, and not-a-numbers.
  var pattern: String {
    if case .number(let number) = value { return "\(time) \(number.bitPattern)" }
    return "\(time) \(value)"
  }
}
