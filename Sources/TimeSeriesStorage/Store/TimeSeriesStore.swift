import Synchronization

/// Recent readings of all devices, in memory, within a total of bytes.
///
/// Safe to use from any thread: sharded by device, one lock a shard, which no caller's code runs under.
package final class TimeSeriesStore: Sendable {
  package let limits: StorageLimits
  let shards: [ShardBox]
  let deviceCount = Atomic(0)
  let seriesCount = Atomic(0)
  /// Bytes of all blocks and texts.
  let ringBytes = Atomic(0)

  package init(limits: StorageLimits = StorageLimits()) {
    var limits = limits
    // What an id can name, 2^28 a shard, is more than any memory holds.
    limits.maximumDevices = min(limits.maximumDevices, ShardNumbering.maximumNumber)
    limits.maximumSeries = min(limits.maximumSeries, ShardNumbering.maximumNumber)
    self.limits = limits
    shards = (0..<ShardNumbering.count).map { [limits] _ in ShardBox(limits: limits) }
  }

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
    replacedTotal += counters.replaced
    evictedTotal += counters.evicted
    lateTotal += counters.late
    tooOldTotal += counters.tooOld
    invalidTotal += counters.invalid
    ringBytes += counters.ringBytes
    textBytes += counters.textBytes
  }
}
