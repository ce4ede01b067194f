package import Durability
import HashTreeCollections
import Synchronization

/// What all event loops share: who is connected, who subscribed to what, what is retained.
///
/// Loops read the subscription tree as a value they hold; a change makes a new tree and raises `routeVersion`, which
/// every publish looks at, so that a SUBACK may leave at once: whatever is published after it goes by the new tree.
package final class Broker: Sendable {
  package let limits: BrokerLimits
  package let commitQueue: any CommitQueue
  package let memory: ClientMemory
  let mailboxes: [ShardMailbox]
  private let routeVersion = Atomic<UInt64>(1)
  private let connections = Atomic<Int>(0)
  private let statisticsByShard: Mutex<[BrokerStatistics]>

  private struct State: Sendable {
    var clients: [String: Subscriber] = [:]
    var subscriptions = SubscriptionTree()
    var retained = TopicTree<StoredMessage>()
    var retainedCount = 0
    var retainedBytes = 0
  }

  private let state = Mutex(State())
  private let lastSubscriber = Atomic<UInt64>(0)

  package init(limits: BrokerLimits, shardCount: Int, commitQueue: any CommitQueue) {
    precondition(shardCount > 0, "BUG: a broker needs a shard")
    self.limits = limits
    self.commitQueue = commitQueue
    memory = ClientMemory(limits: limits)
    statisticsByShard = Mutex(Array(repeating: BrokerStatistics(), count: shardCount))
    mailboxes = (0..<shardCount).map { _ in ShardMailbox() }
    commitQueue.observeCommits { [mailboxes] _ in
      for mailbox in mailboxes { mailbox.requestWake() }
    }
  }

  package var shardCount: Int { mailboxes.count }

  /// Retained messages and their bytes, for /metrics.
  package var retainedUsage: (count: Int, bytes: Int) { state.withLock { ($0.retainedCount, $0.retainedBytes) } }

  /// Open connections on all event loops.
  package var connectionCount: Int { connections.load(ordering: .relaxed) }

  func connectionCountChanged(by change: Int) { connections.add(change, ordering: .relaxed) }

  /// What all event loops have counted.
  package var statistics: BrokerStatistics {
    statisticsByShard.withLock { shards in
      shards.reduce(into: BrokerStatistics()) { $0 += $1 }
    }
  }

  func publish(_ statistics: BrokerStatistics, of shard: Int) {
    statisticsByShard.withLock { $0[shard] = statistics }
  }

  /// Rises with every change of the subscriptions.
  @inline(__always)
  var currentRouteVersion: UInt64 { routeVersion.load(ordering: .acquiring) }

  /// Publishes from any thread. Messages on one topic keep their order.
  package func publish(_ message: HubPublish) {
    // One shard for each topic keeps the order; which one does not matter.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in message.topic { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    mailboxes[Int(hash % UInt64(mailboxes.count))].post([.publish(message)])
  }

  // MARK: Clients

  func makeSubscriber(shard: Int, slot: Int, clientIdentifier: String) -> Subscriber {
    let id = lastSubscriber.add(1, ordering: .relaxed).newValue
    return Subscriber(
      id: SubscriberID(rawValue: id), shard: shard, slot: slot, clientIdentifier: clientIdentifier)
  }

  /// Makes `subscriber` the one of its client identifier; returns the one it takes over from.
  func register(_ subscriber: Subscriber) -> Subscriber? {
    state.withLock { $0.clients.updateValue(subscriber, forKey: subscriber.clientIdentifier) }
  }

  /// Ends a subscriber: its subscriptions go, and its name where nobody has taken it over.
  func unregister(_ subscriber: Subscriber, filters: some Collection<[UInt8]>) {
    state.withLock { state in
      if state.clients[subscriber.clientIdentifier] === subscriber {
        state.clients[subscriber.clientIdentifier] = nil
      }
      guard !filters.isEmpty else { return }
      for filter in filters { state.subscriptions.remove(subscriber.id, from: filter) }
      routeVersion.add(1, ordering: .releasing)
    }
  }

  // MARK: Subscriptions

  /// Adds subscriptions and returns the retained messages as they were in that moment: a publish that is not among
  /// them goes by the new subscriptions.
  func subscribe(_ entries: [(filter: [UInt8], entry: SubscriptionEntry)]) -> TopicTree<StoredMessage> {
    state.withLock { state in
      for (filter, entry) in entries {
        state.subscriptions.update(SubscriptionTree.levels(of: filter)) { set in
          set = set ?? [:]
          set?[entry.subscriber.id] = entry
        }
      }
      routeVersion.add(1, ordering: .releasing)
      return state.retained
    }
  }

  func unsubscribe(_ subscriber: Subscriber, filters: [[UInt8]]) {
    state.withLock { state in
      for filter in filters { state.subscriptions.remove(subscriber.id, from: filter) }
      routeVersion.add(1, ordering: .releasing)
    }
  }

  func currentSubscriptions() -> (tree: SubscriptionTree, version: UInt64) {
    state.withLock { ($0.subscriptions, routeVersion.load(ordering: .acquiring)) }
  }

  // MARK: Retained messages

  enum RetainOutcome {
    /// Kept or cleared; the message goes by these subscriptions and no others.
    case retained(SubscriptionTree, version: UInt64)
    case exceedsLimit
  }

  /// What a path of this many levels takes in a tree at most: a node, its dictionary and its level's bytes.
  static func treeBytes(levels: Int) -> Int { 200 * levels }

  /// Sets the retained message of a topic, or clears it where the payload is empty [MQTT-3.3.1-6].
  func retain(_ message: StoredMessage, levels: [TopicLevel]) -> RetainOutcome {
    state.withLock { state in
      let old = state.retained.value(at: levels)
      let isCleared = message.payload.isEmpty
      let count = state.retainedCount + (isCleared ? 0 : 1) - (old == nil ? 0 : 1)
      let path = Self.treeBytes(levels: levels.count)
      let bytes =
        state.retainedBytes + (isCleared ? 0 : message.byteCount + path) - (old.map { $0.byteCount + path } ?? 0)
      let grows = bytes > state.retainedBytes || count > state.retainedCount
      if grows, count > limits.maximumRetainedMessages || bytes > limits.maximumRetainedBytes {
        return .exceedsLimit
      }
      if !(isCleared && old == nil) { state.retained.update(levels) { $0 = isCleared ? nil : message } }
      state.retainedCount = count
      state.retainedBytes = bytes
      return .retained(state.subscriptions, version: routeVersion.load(ordering: .acquiring))
    }
  }
}

extension TopicTree where Value == SubscriptionSet {
  mutating func remove(_ id: SubscriberID, from filter: [UInt8]) {
    update(Self.levels(of: filter)) { set in
      set?[id] = nil
      if set?.isEmpty == true { set = nil }
    }
  }
}
