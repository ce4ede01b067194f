import Synchronization

/// Which event loops were asked to look into their mailboxes; the world decides when they do.
final class ShardWakes: Sendable {
  private let requested = Mutex<[Bool]>([])

  init(count: Int) { requested.withLock { $0 = Array(repeating: false, count: count) } }

  func request(_ shard: Int) { requested.withLock { $0[shard] = true } }

  /// Whether the shard was woken since the last look.
  func take(_ shard: Int) -> Bool {
    requested.withLock { requested in
      defer { requested[shard] = false }
      return requested[shard]
    }
  }
}
