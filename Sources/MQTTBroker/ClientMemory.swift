import Synchronization

/// Bytes that clients make the hub hold, of each kind for all clients together, so that ten thousand of them within
/// their own limits cannot exhaust the machine.
package final class ClientMemory: Sendable {
  private let queues = Atomic<Int>(0)
  private let outputs = Atomic<Int>(0)
  private let inputs = Atomic<Int>(0)
  private let states = Atomic<Int>(0)
  private let held = Atomic<Int>(0)
  private let limits: BrokerLimits
  /// By event loop: what its biggest user has, and whether it was asked to shed.
  private let users: Mutex<[(bytes: Int, isShedding: Bool)]>

  init(limits: BrokerLimits, shardCount: Int) {
    self.limits = limits
    users = Mutex(Array(repeating: (0, false), count: shardCount))
  }

  /// Messages kept for sessions: in flight, or waiting behind.
  package var queuedBytes: Int { queues.load(ordering: .relaxed) }
  /// Output that sockets do not take yet.
  package var unsentBytes: Int { outputs.load(ordering: .relaxed) }
  /// Packets of which only a part has come.
  package var unreadBytes: Int { inputs.load(ordering: .relaxed) }
  /// Subscriptions, wills and topic aliases.
  package var stateBytes: Int { states.load(ordering: .relaxed) }

  /// Answers and QoS 2 messages that wait for a commit.
  package var heldBytes: Int { held.load(ordering: .relaxed) }

  func queuesChanged(by change: Int) { queues.add(change, ordering: .relaxed) }
  package func outputChanged(by change: Int) { outputs.add(change, ordering: .relaxed) }
  package func inputChanged(by change: Int) { inputs.add(change, ordering: .relaxed) }
  func stateChanged(by change: Int) { states.add(change, ordering: .relaxed) }
  func heldChanged(by change: Int) { held.add(change, ordering: .relaxed) }

  /// Whether what waits for slow clients, with `more` bytes, exceeds `totalOutputBytes`.
  func isOutputFull(with more: Int = 0) -> Bool { queuedBytes + unsentBytes + more > limits.totalOutputBytes }

  func largestUserChanged(to bytes: Int, on shard: Int) { users.withLock { $0[shard].bytes = bytes } }

  /// The loop whose biggest user has more than `bytes`, and the most of all.
  func shardOfLargerUser(than bytes: Int, besides shard: Int) -> Int? {
    users.withLock { users in
      let largest = users.indices.filter { $0 != shard }.max { users[$0].bytes < users[$1].bytes }
      return largest.flatMap { users[$0].bytes > bytes ? $0 : nil }
    }
  }

  /// False where it was asked already.
  func requestShedding(on shard: Int) -> Bool {
    users.withLock { users in
      defer { users[shard].isShedding = true }
      return !users[shard].isShedding
    }
  }

  func sheddingEnded(on shard: Int) { users.withLock { $0[shard].isShedding = false } }

  /// Whether half packets exceed `totalInputBytes`.
  package var isInputFull: Bool { unreadBytes > limits.totalInputBytes }

  /// Whether what waits for commits exceeds `totalHeldBytes`.
  var isHeldFull: Bool { heldBytes > limits.totalHeldBytes }

  /// Whether subscriptions and wills, with `more` bytes, exceed `totalStateBytes`.
  func isStateFull(with more: Int) -> Bool { stateBytes + more > limits.totalStateBytes }
}
