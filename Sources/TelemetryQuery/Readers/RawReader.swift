import TimeSeriesStorage

/// The readings of one series in a range of time, a chunk at a time.
struct RawReader: Sendable {
  private var snapshots: SnapshotReader
  private var parts: [SnapshotPart] = []
  private var nextPart = 0
  /// What `next()` takes readings from.
  private var run: ReadingColumns?
  private var position = 0

  init(_ snapshots: SnapshotReader) { self.snapshots = snapshots }

  /// The next readings, at least one; nil at the end.
  mutating func nextRun() throws(ArchiveError) -> ReadingColumns? {
    while nextPart == parts.count {
      guard let snapshot = try snapshots.next() else { return nil }
      parts = snapshot.parts
      nextPart = 0
    }
    defer { nextPart += 1 }
    return try parts[nextPart].columns()
  }

  mutating func next() throws(ArchiveError) -> Reading? {
    while true {
      if let run, position < run.count {
        defer { position += 1 }
        return Reading(time: run.time(at: position), value: run.value(at: position))
      }
      run = try nextRun()
      position = 0
      if run == nil { return nil }
    }
  }
}
