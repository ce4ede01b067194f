import Synchronization

extension TimeSeriesStore {
  /// Evicts from the device that holds most, of all shards, until the total is within `memoryBytes`; says how many
  /// readings went.
  func makeRoom() -> Int {
    var evicted = 0
    while ringBytes.load(ordering: .relaxed) > limits.memoryBytes {
      guard let (box, nextMost) = boxOfBiggestDevice() else { break }
      change(box) { shard in
        var excess = ringBytes.load(ordering: .relaxed) - limits.memoryBytes
        // At least one block each time: every pass makes progress, whatever other threads do meanwhile.
        repeat {
          guard let freed = shard.evictOne() else { break }
          evicted += freed.readings
          excess -= freed.bytes
        } while shard.mostBytesOfADevice >= nextMost && excess > 0
      }
    }
    return evicted
  }

  /// The shard of the device that holds most, and what the biggest device of the other shards holds.
  private func boxOfBiggestDevice() -> (box: ShardBox, nextMost: Int)? {
    var most: (box: ShardBox, bytes: Int)?
    var nextMost = 0
    for box in shards {
      let bytes = box.mostBytesOfADevice.load(ordering: .relaxed)
      guard bytes > 0 else { continue }
      if let current = most, current.bytes >= bytes {
        nextMost = max(nextMost, bytes)
      } else {
        nextMost = max(nextMost, most?.bytes ?? 0)
        most = (box, bytes)
      }
    }
    return most.map { ($0.box, nextMost) }
  }
}
