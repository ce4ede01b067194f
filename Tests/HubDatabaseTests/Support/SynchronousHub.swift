import Durability
import Logging
import TimeSeriesStorage

@testable import HubDatabase

/// A store and its file without the writer's thread: every step is the test's own.
final class SynchronousHub {
  let store: TimeSeriesStore
  let database: HubDatabase
  let writer: CommitWriter
  let report: RecoveryReport

  init(directory: String, storage: StorageLimits, limits: DatabaseLimits = DatabaseLimits()) throws {
    let file = DatabaseFile(path: directory + "/" + HubDatabase.fileName, vfs: nil)
    let connection = try file.connection()
    let (numbers, coverage) = (Shared(SeriesNumbers()), Shared(StoredCoverage()))
    store = TimeSeriesStore(limits: storage)
    database = HubDatabase(
      file, numbers: numbers, coverage: coverage, limits: limits, lock: try DirectoryLock(directory: directory),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    store.attach(archive: database)
    var recovery = Recovery(connection, store: store, numbers: numbers, coverage: coverage)
    let (report, broker) = try recovery.run()
    self.report = report
    writer = try CommitWriter(
      connection, store: store, numbers: numbers, storedBytes: recovery.storedBytes, coverage: coverage,
      rollupCache: database.rollupCache, broker: broker, limits: limits)
  }

  /// Lets the next hub have the directory.
  func close() { database.stop() }

  func commit(_ batch: consuming ReadingBatch, receivedAt: Int64 = 0) throws {
    _ = store.append(&batch, receivedAt: receivedAt)
    var gathering = Gathering()
    gathering.readings.append(batch, receivedAt: receivedAt)
    try writer.commit(gathering, [])
  }

  /// Writes a slice of the chunks that are full.
  func seal() throws { try writer.advanceSealing() }

  /// A slice of it.
  func checkpoint() throws { try writer.advanceCheckpoint() }

  /// Moves all of the journal into chunks.
  func finishCheckpoint() throws {
    repeat { try writer.advanceCheckpoint() } while writer.checkpoint != nil
  }

  func remove(_ cutoffs: RetentionCutoffs) throws {
    writer.retention = RetentionPass(cutoffs: cutoffs)
    while writer.retention != nil { try writer.advanceRetention() }
  }

  func recomputeRollups() throws {
    while writer.recomputation != nil { try writer.advanceRecomputation() }
  }

  /// All buckets of a level that begin in a range.
  func rollups(_ series: SeriesID, _ level: RollupLevel, from: Int64, to: Int64) throws -> [Rollup] {
    var all: [Rollup] = []
    var next: Int64? = from
    while let start = next {
      let snapshot = try store.rollups(of: series, level: level, from: start, to: to)
      for part in snapshot.parts {
        switch part {
        case .computed(let rollups): all += rollups
        case .stored(let segment, let range): all += try segment.rollups().filter { range.contains($0.start) }
        }
      }
      next = snapshot.resumeTime
    }
    return all
  }
}
