import TimeSeriesStorage

/// Moves readings from the journal into chunks, a slice at a time, so that commits go on between slices.
///
/// Memory holds every reading of the journal's committed rows: once all that memory has is in chunks, those rows are not
/// needed any more.
struct Checkpoint {
  /// The journal's last row when it began.
  let lastRow: Int64
  /// How far it came; nil when everything is written.
  var cursor: PersistenceCursor? = .start
}

extension CommitWriter {
  /// Whether the journal is long enough to be moved, or memory wants to be freed. Blocks that are open take memory with
  /// their first reading: they alone are no reason before the journal has some length.
  var wantsCheckpoint: Bool {
    checkpoint != nil || journalBytes >= limits.journalBytes
      || (journalBytes >= store.limits.memoryBytes / 8 && store.unpersistedBytes >= store.limits.memoryBytes / 4)
  }

  /// Does one slice of the work.
  func advanceCheckpoint() throws(SQLiteError) {
    var current: Checkpoint
    if let checkpoint {
      current = checkpoint
    } else {
      current = Checkpoint(lastRow: lastRow)
    }
    if let cursor = current.cursor {
      let slice = store.unpersistedSeries(after: cursor, maximumBytes: limits.checkpointSliceBytes)
      try write(slice)
      current.cursor = slice.next
    } else {
      try transaction { () throws(SQLiteError) in
        try deleteJournal.bind(1, current.lastRow)
        try deleteJournal.run()
      }
      journalBytes = try connection.number("SELECT total(length(data)) FROM journal")
      journalBytesAtSealing = journalBytes
      sealing = nil
      checkpoint = nil
      memory.used()
      return
    }
    checkpoint = current
  }

  /// Writes chunks and sums them up.
  func write(_ slice: UnpersistedBatch) throws(SQLiteError) {
    // Needs no sync of its own: until the journal's rows go, which are synced, nothing depends on it.
    try connection.execute("PRAGMA synchronous=NORMAL")
    defer { try? connection.execute("PRAGMA synchronous=FULL") }
    try transaction { () throws(SQLiteError) in
      for series in slice.series { try write(series) }
    }
    for series in slice.series { store.didPersist(series.token) }
  }

  private func write(_ series: UnpersistedSeries) throws(SQLiteError) {
    let number = try number(of: series.series)
    let (growth, times) = try chunkWriter.write(series, number: number, lastRow: lastRow)
    changes.append(.init(series: number, kind: .chunks, bytes: growth))
    var rollups: Int64 = 0
    for range in TouchedTimes.joined(times) { rollups += try rollupWriter.update(range, number: number) }
    changes.append(.init(series: number, kind: .rollups, bytes: rollups))
  }
}
