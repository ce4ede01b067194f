package import Durability
import Logging
import Synchronization
package import TimeSeriesStorage

/// The hub's file: everything that must last, in one SQLite database with one thread that writes.
///
/// What is appended gathers while the former commit is under way, and goes to disk with the next one. Safe to use from
/// any thread.
package final class HubDatabase: CommitQueue {
  let limits: DatabaseLimits
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
  private let path: String

  init(path: String, limits: DatabaseLimits, lock: DirectoryLock, logger: Logger) {
    self.path = path
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
    lock.release()
  }

  // MARK: Appending

  /// Appends readings as their store took them.
  ///
  /// - Parameter receivedAt: when they came, Unix milliseconds.
  package func append(
    _ batch: borrowing ReadingBatch, receivedAt: Int64, urgency: CommitUrgency
  ) -> CommitSequence {
    append(urgency) { $0.readings.append(batch, receivedAt: receivedAt) }
  }

  package func append(_ record: CommitRecord, urgency: CommitUrgency) -> CommitSequence {
    append(urgency) { gathering in
      gathering.records.append(record)
      gathering.recordBytes += record.byteCount
    }
  }

  private func append(_ urgency: CommitUrgency, _ body: (inout Gathering) -> Void) -> CommitSequence {
    let now = MonotonicClock.now()
    let (sequence, isNews) = queue.withLock { state in
      let due = state.gathering.dueAt
      body(&state.gathering)
      state.gathering.wants(commitAt: dueTime(urgency, now: now))
      state.gathering.lastSequence += 1
      pendingBytes.store(state.gathering.byteCount + state.bytesUnderWay, ordering: .relaxed)
      return (state.gathering.lastSequence, due != state.gathering.dueAt)
    }
    if isNews { queue.signal() }
    return CommitSequence(rawValue: sequence)
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

  // MARK: State

  package var statistics: DatabaseStatistics {
    var statistics = counted.withLock { $0 }
    statistics.pendingBytes = pendingBytes.load(ordering: .relaxed)
    return statistics
  }

  /// Why commits do not succeed at the moment; nil where they do.
  package var trouble: DatabaseTrouble? { currentTrouble.withLock { $0 } }

  // MARK: The writer's thread

  private func run(_ writer: CommitWriter) {
    var batch = Gathering()
    while takeNext(&batch) {
      guard commit(batch, writer) else { return }
      batch.removeAll()
    }
  }

  /// Waits for a batch that is due; false at the end.
  private func takeNext(_ batch: inout Gathering) -> Bool {
    queue.wait { state, until in
      guard !state.gathering.isEmpty, let due = state.gathering.dueAt else { return state.isStopping ? false : nil }
      guard state.isStopping || due <= MonotonicClock.now() else {
        until = due
        return nil
      }
      swap(&batch, &state.gathering)
      state.gathering.lastSequence = batch.lastSequence
      state.bytesUnderWay = batch.byteCount
      return true
    }
  }

  /// Commits a batch, trying again for as long as it takes; false where the hub stops before it could.
  private func commit(_ batch: Gathering, _ writer: CommitWriter) -> Bool {
    while true {
      do throws(SQLiteError) {
        let start = MonotonicClock.microseconds()
        try writer.commit(batch)
        succeeded(batch, in: MonotonicClock.microseconds() - start, journalBytes: writer.journalBytes)
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

  private func succeeded(_ batch: Gathering, in microseconds: Int64, journalBytes: Int64) {
    counted.withLock {
      $0.commits += 1
      $0.commitMicroseconds += microseconds
      $0.slowestCommitMicroseconds = max($0.slowestCommitMicroseconds, microseconds)
      $0.readings += batch.readings.readings.count
      $0.journalBytes = journalBytes
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

  private func failed(_ error: SQLiteError) {
    counted.withLock { $0.failedCommits += 1 }
    if error.isDamage {
      DamagedFile.mark(path)
      damageFound.yield(error)
    }
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
