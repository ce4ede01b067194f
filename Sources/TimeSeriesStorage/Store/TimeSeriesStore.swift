import Synchronization

/// Recent readings of all devices, in memory, within a total of bytes; older ones in an archive, if there is one.
///
/// Safe to use from any thread: sharded by device, one lock a shard, which no caller's code runs under.
package final class TimeSeriesStore: Sendable {
  package let limits: StorageLimits
  let shards: [ShardBox]
  let deviceCount = Atomic(0)
  let seriesCount = Atomic(0)
  /// Bytes of all chunks, blocks and texts.
  let ringBytes = Atomic(0)
  let allUnpersistedBytes = Atomic(0)
  private let attachedArchive = Mutex<(any ChunkArchive)?>(nil)

  package init(limits: StorageLimits = StorageLimits()) {
    var limits = limits
    // What an id can name, 2^28 a shard, is more than any memory holds.
    limits.maximumDevices = min(limits.maximumDevices, ShardNumbering.maximumNumber)
    limits.maximumSeries = min(limits.maximumSeries, ShardNumbering.maximumNumber)
    self.limits = limits
    shards = (0..<ShardNumbering.count).map { [limits] _ in ShardBox(limits: limits) }
  }

  /// Where older readings lie; nil: nowhere.
  var archive: (any ChunkArchive)? { attachedArchive.withLock { $0 } }

  /// Makes the archive the place of what memory gives up: from now on only what is persisted (`didPersist`) is evicted.
  /// Once, before the store has any reading.
  package func attach(archive: any ChunkArchive) {
    attachedArchive.withLock { attached in
      precondition(attached == nil && ringBytes.load(ordering: .relaxed) == 0, "BUG: an archive attached too late")
      attached = archive
    }
    for box in shards { box.shard.withLock { $0.isArchived = true } }
  }

  /// Bytes of memory that hold what no archive has yet, and which are not evicted. Takes no lock. Without an archive all
  /// readings count.
  package var unpersistedBytes: Int { allUnpersistedBytes.load(ordering: .relaxed) }

  /// The store's counters, shard by shard: each shard's agree with one another.
  package var statistics: StoreStatistics {
    var statistics = StoreStatistics()
    for box in shards {
      box.shard.withLock { shard in
        statistics.devices += shard.devices.count
        statistics.series += shard.series.count
        statistics.indexBytes += shard.indexBytes
        statistics.add(shard.counters)
      }
    }
    return statistics
  }
}

extension StoreStatistics {
  fileprivate mutating func add(_ counters: ShardCounters) {
    readingsStored += counters.readingsStored
    readingsAppendedTotal += counters.appended
    restoredTotal += counters.restored
    replacedTotal += counters.replaced
    evictedTotal += counters.evicted
    lateTotal += counters.late
    tooOldTotal += counters.tooOld
    invalidTotal += counters.invalid
    ringBytes += counters.ringBytes
    textBytes += counters.textBytes
    chunkBytes += counters.chunkBytes
    chunks += counters.chunks
    rawBytes += counters.ringBytes - counters.chunkBytes
    unpersistedBytes += counters.unpersistedBytes
    overlayReadings += counters.overlayReadings
  }
}
