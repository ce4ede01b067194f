import TimeSeriesStorage

extension StoreWorld {
  /// Takes and writes all, with appends between; an incomplete one stops before some series, or before it is told.
  mutating func checkpoint(isComplete: Bool, _ random: inout SeededGenerator) throws -> String? {
    guard let archive else { return nil }
    log.append([])
    let isQuiet = Bool.random(using: &random)
    var cursor: PersistenceCursor? = .start
    while let start = cursor {
      let batch = store.unpersistedSeries(after: start, maximumBytes: Int.random(in: 1...20_000, using: &random))
      if !isQuiet, Bool.random(using: &random) { append(&random) }
      for series in batch.series {
        if !isComplete, Int.random(in: 0..<3, using: &random) == 0 { return nil }
        try archive.write(series)
        if !isQuiet, Bool.random(using: &random) { append(&random) }
        guard archive.isWithoutOverlap else { return "chunks overlap in the middle of a checkpoint" }
        if let problem = try problem(&random) { return "written, not told: " + problem }
        if isComplete || Bool.random(using: &random) { store.didPersist(series.token) }
      }
      cursor = batch.next
    }
    guard isComplete else { return nil }
    log.removeFirst(log.count - 1)
    guard isQuiet else { return nil }
    guard store.unpersistedBytes == 0 else {
      return "\(store.unpersistedBytes) bytes are not persisted by a checkpoint"
    }
    // Everything may go now: an append of nothing has room made.
    var nothing = ReadingBatch()
    _ = store.append(&nothing, receivedAt: now)
    let bytes = store.statistics.ringBytes
    return bytes <= limits.memoryBytes ? nil : "\(bytes) bytes stay in memory, and all is persisted"
  }

  /// Forgets the memory: what is stored comes back, and what came since the last complete checkpoint is appended again.
  mutating func crash(_ random: inout SeededGenerator) throws {
    guard let archive else { return }
    isAllInMemory = false
    held = []
    store = Self.store(limits, archive)
    for number in models.indices { models[number].restart() }
    for (number, id) in series.enumerated() {
      // Made in the same order, they get the same numbers.
      guard try store.restoreSeries(device: Self.device(number), metric: "m\(number)") == id else { continue }
      let stored = archive.chunks(of: id)
      guard !stored.isEmpty else { continue }
      let taken = stored.suffix(Int.random(in: 1...stored.count, using: &random))
      try store.restore(id, chunks: Array(taken), isComplete: taken.count == stored.count, received: 0)
    }
    for logged in log.joined() {
      var batch = ReadingBatch()
      for (pick, reading) in logged.entries { batch.add(series[pick], reading.time, reading.value) }
      _ = store.append(&batch, receivedAt: logged.receivedAt)
    }
  }

  /// Retention, or the disk's budget: whole chunks of the archive go.
  mutating func removeOldest(_ random: inout SeededGenerator) {
    guard let archive else { return }
    let pick = Int.random(in: 0..<series.count, using: &random)
    let end = clocks[pick] - Int64.random(in: -100...3_000, using: &random)
    for times in archive.removeChunks(of: series[pick], before: end) { models[pick].doubt(times) }
  }
}
