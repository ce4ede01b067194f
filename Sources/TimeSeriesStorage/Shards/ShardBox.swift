import Synchronization

/// A shard behind its lock, with what the choice of a shard to evict from needs to know without it.
final class ShardBox: Sendable {
  let shard: Mutex<Shard>
  /// Bytes of the device that holds most in this shard.
  let mostBytesOfADevice = Atomic(0)

  init(limits: StorageLimits) { shard = Mutex(Shard(limits: limits)) }
}
