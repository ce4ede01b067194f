import TimeSeriesStorage

/// Writes the chunks that have become full, a slice at a time. Only they and what is summed up of them answer long queries
/// fast, and the checkpoint finds less to do.
struct Sealing {
  /// How far it came.
  var cursor = PersistenceCursor.start
}

extension CommitWriter {
  /// Growth of the journal, in bytes, that full chunks are worth looking for.
  private static let leastGrowth: Int64 = 256 << 10

  var wantsSealing: Bool {
    sealing != nil || journalBytes - journalBytesAtSealing >= max(limits.journalBytes / 16, Self.leastGrowth)
  }

  /// Does one slice of the work.
  func advanceSealing() throws(SQLiteError) {
    var current = sealing ?? Sealing()
    journalBytesAtSealing = sealing == nil ? journalBytes : journalBytesAtSealing
    let slice = store.unpersistedSeries(
      after: current.cursor, maximumBytes: limits.checkpointSliceBytes, isSealedOnly: true)
    try write(slice)
    sealing = slice.next.map { next in
      current.cursor = next
      return current
    }
    if sealing == nil { memory.used() }
  }
}
