import Synchronization

extension TimeSeriesStore {
  /// Puts the batch's readings into their series; the times of those that assign a unique time become final.
  ///
  /// Each shard touched is locked once. Readings that do not fit any more push out the oldest of the device that uses most
  /// before this returns.
  ///
  /// - Parameter receivedAt: when the batch came, Unix milliseconds.
  package func append(_ batch: inout ReadingBatch, receivedAt: Int64) -> AppendOutcome {
    let (oldest, overflow) = receivedAt.subtractingReportingOverflow(limits.rawRetention)
    return append(&batch, receivedAt: receivedAt, oldest: overflow ? .min : oldest)
  }

  /// Appends again what was appended before, such as a log says after a crash: as `append` does, but every time stays what
  /// it is and none is refused as too old.
  package func replay(_ batch: inout ReadingBatch, receivedAt: Int64) -> AppendOutcome {
    for index in batch.readings.indices { batch.readings[index].assignsUniqueTime = false }
    return append(&batch, receivedAt: receivedAt, oldest: .min)
  }

  private func append(_ batch: inout ReadingBatch, receivedAt: Int64, oldest: Int64) -> AppendOutcome {
    var outcome = AppendOutcome()
    let texts = batch.texts
    batch.readings.withUnsafeMutableBufferPointer { readings in
      guard let first = readings.first else { return }
      let shard = ShardNumbering.shard(of: first.series.rawValue)
      if readings.allSatisfy({ ShardNumbering.shard(of: $0.series.rawValue) == shard }) {
        let part = BatchPart(readings: readings, texts: texts, positions: nil, range: readings.indices)
        outcome = append(part, shard: shard, receivedAt: receivedAt, oldest: oldest)
      } else {
        outcome = appendByShard(readings, texts: texts, receivedAt: receivedAt, oldest: oldest)
      }
    }
    if ringBytes.load(ordering: .relaxed) > limits.memoryBytes { outcome.evicted += makeRoom() }
    return outcome
  }

  /// Sorts the batch's positions by shard, keeping their order within, and appends shard by shard.
  private func appendByShard(
    _ readings: UnsafeMutableBufferPointer<PendingReading>, texts: [String], receivedAt: Int64, oldest: Int64
  ) -> AppendOutcome {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: readings.count + ShardNumbering.count) { scratch in
      scratch.initialize(repeating: 0)
      guard let ends = scratch.baseAddress else { return AppendOutcome() }
      let positions = ends + ShardNumbering.count
      for reading in readings { ends[ShardNumbering.shard(of: reading.series.rawValue)] += 1 }
      var start = 0
      for shard in 0..<ShardNumbering.count {
        let count = ends[shard]
        ends[shard] = start
        start += count
      }
      for position in readings.indices {
        let shard = ShardNumbering.shard(of: readings[position].series.rawValue)
        positions[ends[shard]] = position
        ends[shard] += 1
      }
      var outcome = AppendOutcome()
      start = 0
      for shard in 0..<ShardNumbering.count where start < ends[shard] {
        let part = BatchPart(readings: readings, texts: texts, positions: positions, range: start..<ends[shard])
        outcome.add(append(part, shard: shard, receivedAt: receivedAt, oldest: oldest))
        start = ends[shard]
      }
      return outcome
    }
  }

  private func append(_ part: BatchPart, shard number: Int, receivedAt: Int64, oldest: Int64) -> AppendOutcome {
    change(shards[number]) { $0.append(part, receivedAt: receivedAt, oldest: oldest) }
  }

  /// Changes a shard under its lock and tells the store's totals what became of its bytes.
  func change<Result: Sendable>(_ box: ShardBox, _ body: (inout Shard) -> Result) -> Result {
    box.shard.withLock { shard in
      let before = shard.counters
      let most = shard.mostBytesOfADevice
      let result = body(&shard)
      // Under the lock, so that the last value stored is the latest.
      if shard.mostBytesOfADevice != most {
        box.mostBytesOfADevice.store(shard.mostBytesOfADevice, ordering: .relaxed)
      }
      let bytes = shard.counters.ringBytes - before.ringBytes
      if bytes != 0 { ringBytes.add(bytes, ordering: .relaxed) }
      let unpersisted = shard.counters.unpersistedBytes - before.unpersistedBytes
      if unpersisted != 0 { allUnpersistedBytes.add(unpersisted, ordering: .relaxed) }
      return result
    }
  }
}
