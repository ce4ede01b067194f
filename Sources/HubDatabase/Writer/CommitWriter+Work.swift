/// When memory that work needed is to be given back: some time behind it, and not too often.
struct ReleasedMemory {
  /// Milliseconds from one release to the next at least: the event loops wait for the allocator meanwhile.
  private static let interval: Int64 = 2_000

  /// When the next release is due, on `MonotonicClock`; nil: there is nothing to release.
  private(set) var dueAt: Int64?
  private var last = MonotonicClock.now()

  var isDue: Bool { dueAt.map { $0 <= MonotonicClock.now() } ?? false }

  mutating func used() {
    if dueAt == nil { dueAt = max(MonotonicClock.now(), last + Self.interval) }
  }

  mutating func released() {
    dueAt = nil
    last = MonotonicClock.now()
  }
}

/// What the writer does where nothing has to be committed at once, a slice at a time.
extension CommitWriter {
  var wantsWork: Bool {
    wantsCheckpoint || wantsSealing || retention != nil || wantsRoom || recomputation != nil || memory.isDue
  }

  func work() throws(SQLiteError) {
    if wantsRoom {
      try makeRoom()
    } else if wantsCheckpoint {
      try advanceCheckpoint()
    } else if wantsSealing {
      try advanceSealing()
    } else if retention != nil {
      try advanceRetention()
    } else if recomputation != nil {
      try advanceRecomputation()
    } else if memory.isDue {
      try releaseMemory()
    }
    try moveLog()
  }

  /// Gives back what is free: pages that SQLite keeps, which the system caches anyway, and the allocator's.
  private func releaseMemory() throws(SQLiteError) {
    memory.released()
    try connection.execute("PRAGMA shrink_memory")
    Allocator.release()
  }
}
