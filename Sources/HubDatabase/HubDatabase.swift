package import Durability
import Logging
import Synchronization
package import TimeSeriesStorage

/// The hub's file: everything that must last, in one SQLite database with one thread that writes.
///
/// What is appended gathers while the former commit is under way, and goes to disk with the next one. Safe to use from
/// any thread.
package final class HubDatabase: CommitQueue {
  package let limits: DatabaseLimits
  let logger: Logger
  private let queue: Monitor<CommitQueueState>
  private let lastCommitted = Atomic<UInt64>(0)
  private let pendingBytes = Atomic<Int>(0)
  private let counted = Mutex(DatabaseStatistics())
  private let currentTrouble = Mutex<DatabaseTrouble?>(nil)
  private let observers = Mutex<[@Sendable (CommitSequence) -> Void]>([])
  private let thread = Mutex<JoinableThread?>(nil)
  /// Keeps other hubs out of the directory.
  private let lock: DirectoryLock

  /// Gives the error by which damage of the file was found, if ever: the hub has to start anew, which salvages what it can.
  package let damage: AsyncStream<SQLiteError>
  private let damageFound: AsyncStream<SQLiteError>.Continuation
  let path: String

  /// Which number the file has for each series.
  let numbers: Shared<SeriesNumbers>
  let coverage: Shared<StoredCoverage>
  let readers: ReaderPool
  let rollupCache: RollupCache

  init(
    _ file: DatabaseFile, numbers: Shared<SeriesNumbers>, coverage: Shared<StoredCoverage>, limits: DatabaseLimits,
    lock: DirectoryLock, logger: Logger
  ) {
    path = file.path
    self.coverage = coverage
    self.numbers = numbers
    readers = ReaderPool(path: file.path, vfs: file.vfs)
    rollupCache = RollupCache(maximumBytes: limits.rollupCacheBytes)
    (damage, damageFound) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    self.limits = limits
    self.lock = lock
    self.logger = logger
    queue = Monitor(CommitQueueState())
  }

  /// Begins to commit what was and will be appended.
  func start(_ writer: sending CommitWriter) throws(DatabaseError) {
    let carried = Carried(writer)
    let started = try JoinableThread(name: "commits") { [self] in run(carried.take()) }
    thread.withLock { $0 = started }
  }

  /// Commits what has gathered, and ends; what is appended later is never committed. Waits for it.
  package func stop() {
    queue.withLock { $0.isStopping = true }
    queue.signal()
    let running = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    running?.join()
    damageFound.finish()
    readers.close()
    lock.release()
  }

  // MARK: Appending

  /// Appends readings as their store took them.
  ///
  /// - Parameters:
  ///   - receivedAt: when they came, Unix milliseconds.
  ///   - wakes: false where the caller calls `wake()` later.
  package func append(
    _ batch: borrowing ReadingBatch, receivedAt: Int64, urgency: CommitUrgency, wakes: Bool = true
  ) -> CommitSequence {
    append(urgency, wakes: wakes) { $0.readings.append(batch, receivedAt: receivedAt) }
  }

  package func append(_ record: CommitRecord, urgency: CommitUrgency, wakes: Bool) -> CommitSequence {
    append(urgency, wakes: wakes) { gathering in
      gathering.records.append(record)
      gathering.recordBytes += record.byteCount
    }
  }

  private func append(
    _ urgency: CommitUrgency, wakes: Bool, _ body: (inout Gathering) -> Void
  ) -> CommitSequence {
    let now = MonotonicClock.now()
    let (sequence, isNews) = queue.withLock { state in
      let due = state.gathering.dueAt
      body(&state.gathering)
      state.gathering.wants(commitAt: dueTime(urgency, now: now))
      state.gathering.lastSequence += 1
      pendingBytes.store(state.gathering.byteCount + state.bytesUnderWay, ordering: .relaxed)
      return (state.gathering.lastSequence, due != state.gathering.dueAt)
    }
    if isNews {
      if wakes { queue.signal() } else { isWakeOwed.store(true, ordering: .releasing) }
    }
    return CommitSequence(rawValue: sequence)
  }

  package func wake() {
    guard isWakeOwed.load(ordering: .relaxed), isWakeOwed.exchange(false, ordering: .acquiring) else { return }
    queue.signal()
  }

  private func dueTime(_ urgency: CommitUrgency, now: Int64) -> Int64 {
    switch urgency {
    case .immediate: now
    case .deferrable: now + limits.commitInterval
    case .relaxed: now + max(limits.commitInterval, limits.relaxedCommitInterval)
    }
  }

  package var committed: CommitSequence { CommitSequence(rawValue: lastCommitted.load(ordering: .acquiring)) }

  package var isFull: Bool { pendingBytes.load(ordering: .relaxed) >= limits.pendingCommitBytes }

  package func observeCommits(_ observer: @escaping @Sendable (CommitSequence) -> Void) {
    observers.withLock { $0.append(observer) }
  }

  /// Has chunks and rollups removed that are too old, when there is time for it.
  package func remove(_ cutoffs: RetentionCutoffs) {
    queue.withLock { $0.cutoffs = cutoffs }
    queue.signal()
  }

  /// Whether something was appended of which the writer's thread does not know.
  private let isWakeOwed = Atomic(false)

  // MARK: State

  package var statistics: DatabaseStatistics {
    var statistics = counted.withLock { $0 }
    statistics.pendingBytes = pendingBytes.load(ordering: .relaxed)
    statistics.damagedRows = readers.damagedRows
    return statistics
  }

  /// Why commits do not succeed at the moment; nil where they do.
  package var trouble: DatabaseTrouble? { currentTrouble.withLock { $0 } }

  // MARK: The writer's thread

  /// Whether the last slice of a checkpoint failed.
  private let hasFailed = Atomic(false)

  private enum NextTask {
    case commit
    /// Nothing has to be committed at once: time for what is not urgent.
    case work
    case remove(RetentionCutoffs)
    case end
  }

  private func run(_ writer: CommitWriter) {
    var batch = Gathering()
    while true {
      let mayWork = !hasFailed.load(ordering: .relaxed)
      switch takeNext(&batch, hasWork: mayWork && writer.wantsWork, idleWorkAt: mayWork ? writer.memory.dueAt : nil) {
      case .commit:
        guard commit(batch, writer) else { return }
        batch.removeAll()
        // Under load there is no better time.
        if writer.wantsWork { advance(writer) }
      case .work: advance(writer)
      case .remove(let cutoffs): writer.retention = RetentionPass(cutoffs: cutoffs)
      case .end:
        emptyJournal(writer)
        return
      }
    }
  }

  /// Moves what the journal holds into chunks, so that the next start has less to do; as far as time and the disk allow.
  private func emptyJournal(_ writer: CommitWriter) {
    guard limits.emptiesJournal, writer.journalBytes > 0, trouble == nil else { return }
    let end = MonotonicClock.now() + limits.emptyingTime
    do throws(SQLiteError) {
      repeat { try writer.advanceCheckpoint() } while writer.checkpoint != nil && MonotonicClock.now() < end
    } catch {
      found(error)
      logger.warning("\(error): the next start reads the journal")
    }
  }

  /// Waits for what is to be done next; a batch that is due goes first.
  private func takeNext(_ batch: inout Gathering, hasWork: Bool, idleWorkAt: Int64?) -> NextTask {
    queue.wait { state, until in
      guard !state.gathering.isEmpty, let due = state.gathering.dueAt else {
        if state.isStopping { return .end }
        if let cutoffs = state.cutoffs {
          state.cutoffs = nil
          return .remove(cutoffs)
        }
        if hasWork { return .work }
        if let idleWorkAt, idleWorkAt <= MonotonicClock.now() { return .work }
        until = idleWorkAt
        return nil
      }
      guard state.isStopping || due <= MonotonicClock.now() else {
        if hasWork { return .work }
        until = due
        return nil
      }
      swap(&batch, &state.gathering)
      state.gathering.lastSequence = batch.lastSequence
      state.bytesUnderWay = batch.byteCount
      return .commit
    }
  }

  /// A slice of what is not urgent. Where it fails it is tried again behind the next commit, which says so if the disk is at fault.
  private func advance(_ writer: CommitWriter) {
    do throws(SQLiteError) {
      try writer.work()
      counted.withLock { $0.look(at: writer) }
      hasFailed.store(false, ordering: .relaxed)
    } catch {
      found(error)
      guard !hasFailed.exchange(true, ordering: .relaxed) else { return }
      logger.warning("\(error): readings stay in the journal until the disk takes their chunks")
    }
  }

  /// Commits a batch, trying again for as long as it takes; false where the hub stops before it could.
  private func commit(_ batch: Gathering, _ writer: CommitWriter) -> Bool {
    let operations = writer.operations(of: batch)
    while true {
      do throws(SQLiteError) {
        let start = MonotonicClock.microseconds()
        try writer.commit(batch, operations)
        succeeded(batch, in: MonotonicClock.microseconds() - start, writer)
        return true
      } catch {
        failed(error)
      }
      let retryAt = MonotonicClock.now() + limits.retryInterval
      let goesOn = queue.wait { state, until -> Bool? in
        if state.isStopping { return false }
        if MonotonicClock.now() >= retryAt { return true }
        until = retryAt
        return nil
      }
      if !goesOn {
        logger.error("stopped with readings that are not on disk; none of them was acknowledged")
        return false
      }
    }
  }

  private func succeeded(_ batch: Gathering, in microseconds: Int64, _ writer: CommitWriter) {
    counted.withLock {
      $0.commits += 1
      $0.commitLatency.add(microseconds: microseconds)
      $0.readings += batch.readings.readings.count
      $0.look(at: writer)
    }
    queue.withLock { state in
      state.bytesUnderWay = 0
      pendingBytes.store(state.gathering.byteCount, ordering: .relaxed)
    }
    let isOver = currentTrouble.withLock { trouble in
      defer { trouble = nil }
      return trouble != nil
    }
    if isOver { logger.notice("the disk takes data again: what waited is durable now") }
    lastCommitted.store(batch.lastSequence, ordering: .releasing)
    let sequence = CommitSequence(rawValue: batch.lastSequence)
    for observer in observers.withLock({ $0 }) { observer(sequence) }
  }

  /// Damage of the file is for the next start.
  private func found(_ error: SQLiteError) {
    guard error.isDamage else { return }
    DamagedFile.mark(path)
    damageFound.yield(error)
  }

  private func failed(_ error: SQLiteError) {
    counted.withLock { $0.failedCommits += 1 }
    found(error)
    let trouble = DatabaseTrouble(reason: error.description)
    let isNew = currentTrouble.withLock { current in
      defer { current = trouble }
      return current != trouble
    }
    guard isNew else { return }
    logger.error(
      "\(error): acknowledgements wait and publishers are not read from until the disk takes data; nothing is lost")
  }
}

/// What event loops and the writer share.
struct CommitQueueState {
  var gathering = Gathering()
  /// Bytes of what the writer has taken and not committed.
  var bytesUnderWay = 0
  var isStopping = false
  /// What is older is to be removed.
  var cutoffs: RetentionCutoffs?
}

/// Carries a value that is not `Sendable` to the one thread that will use it.
///
/// `@unchecked`: taken once.
private final class Carried<Value>: @unchecked Sendable {
  private var value: Value?

  init(_ value: sending Value) { self.value = value }

  func take() -> Value {
    guard let value else { preconditionFailure("BUG: carried twice") }
    self.value = nil
    return value
  }
}
