package import Durability
import HashTreeCollections
import MQTTProtocol
import Synchronization

/// What all event loops share: who has which client identifier, who subscribed to what, what is retained.
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
  private let sessions = Atomic<Int>(0)
  private let systemSubscriptions = Atomic<Int>(0)
  private let statisticsByShard: Mutex<[BrokerStatistics]>

  private struct State: Sendable {
    var claims: [ClientName: ClientClaim] = [:]
    var subscriptions = SubscriptionTree()
    var retained = RetainedMessages()
  }

  private let state = Mutex(State())
  private let restored = Mutex<[Int: [RestoredParcel]]>([:])
  private let lastIdentity = Atomic<UInt64>(0)
  private let lastMessageNumber = Atomic<UInt64>(0)
  private let lastSerial = Atomic<UInt64>(0)

  package init(limits: BrokerLimits, shardCount: Int, commitQueue: any CommitQueue) {
    precondition(shardCount > 0, "BUG: a broker needs a shard")
    self.limits = limits
    self.commitQueue = commitQueue
    memory = ClientMemory(limits: limits, shardCount: shardCount)
    statisticsByShard = Mutex(Array(repeating: BrokerStatistics(), count: shardCount))
    mailboxes = (0..<shardCount).map { _ in ShardMailbox() }
    commitQueue.observeCommits { [mailboxes] _ in
      for mailbox in mailboxes { mailbox.requestWake() }
    }
  }

  package var shardCount: Int { mailboxes.count }

  /// Retained messages and their bytes, for /metrics.
  package var retainedUsage: (count: Int, bytes: Int) { state.withLock { ($0.retained.count, $0.retained.byteCount) } }

  /// Open connections on all event loops.
  package var connectionCount: Int { connections.load(ordering: .relaxed) }

  func connectionCountChanged(by change: Int) { connections.add(change, ordering: .relaxed) }

  /// Sessions on all event loops, with and without a connection.
  package var sessionCount: Int { sessions.load(ordering: .relaxed) }

  func sessionCountChanged(by change: Int) { sessions.add(change, ordering: .relaxed) }

  /// Whether someone subscribed to a filter that begins with `$SYS`.
  package var hasSystemSubscribers: Bool { systemSubscriptions.load(ordering: .relaxed) > 0 }

  func systemSubscriptionsChanged(by change: Int) { systemSubscriptions.add(change, ordering: .relaxed) }

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

  /// Has every route found anew, because a subscriber is on another event loop now.
  func subscriberMoved() { routeVersion.add(1, ordering: .releasing) }

  /// Publishes from any thread. Messages on one topic keep their order, and so do those on topics of one device.
  package func publish(_ message: HubPublish) {
    // One shard for each, by the first three levels: `v1/devices/{device}`. Which one does not matter.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    var separators = 0
    for byte in message.topic {
      if byte == UInt8(ascii: "/") { separators += 1 }
      if separators == 3 { break }
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    var outbox = ShardOutbox()
    outbox.append(.publish(message))
    mailboxes[Int(hash % UInt64(mailboxes.count))].post(outbox)
  }

  // MARK: After a restart

  /// Goes on counting where a former run has ended.
  func continueNumbers(afterSession session: UInt64, message: UInt64, serial: UInt64) {
    lastIdentity.store(session, ordering: .relaxed)
    lastMessageNumber.store(message, ordering: .relaxed)
    lastSerial.store(serial, ordering: .relaxed)
  }

  /// Retains under serials that come after those of a former run.
  func continueRetained(after serial: UInt64) { state.withLock { $0.retained.continueSerials(after: serial) } }

  /// Keeps a session until its shard is made.
  func addRestored(_ parcel: RestoredParcel, to shard: Int) {
    restored.withLock { $0[shard, default: []].append(parcel) }
  }

  func takeRestored(for shard: Int) -> [RestoredParcel] { restored.withLock { $0.removeValue(forKey: shard) ?? [] } }

  // MARK: Clients

  func nextIdentity() -> UInt64 { lastIdentity.add(1, ordering: .relaxed).newValue }

  /// What the commit queue knows a message by.
  func nextMessageNumber() -> UInt64 { lastMessageNumber.add(1, ordering: .relaxed).newValue }

  /// The first of `count` serials of deliveries, each greater than all before it.
  func nextSerials(_ count: Int) -> UInt64 { lastSerial.add(UInt64(count), ordering: .relaxed).oldValue + 1 }

  /// Gives a claim the client identifier; returns the one that had it.
  func register(_ claim: ClientClaim) -> ClientClaim? {
    state.withLock { $0.claims.updateValue(claim, forKey: ClientName(claim.clientIdentifier)) }
  }

  /// Whether a client of this identifier is connected: its next connection takes that one's place.
  package func isConnected(_ clientIdentifier: String) -> Bool {
    state.withLock { $0.claims[ClientName(clientIdentifier)]?.isConnected ?? false }
  }

  func hasClaim(to clientIdentifier: String) -> Bool {
    state.withLock { $0.claims[ClientName(clientIdentifier)] != nil }
  }

  /// Frees a claim's client identifier where nobody has claimed it since.
  func unregister(_ claim: ClientClaim) {
    state.withLock { state in
      let name = ClientName(claim.clientIdentifier)
      guard state.claims[name] === claim else { return }
      state.claims[name] = nil
    }
  }

  // MARK: Subscriptions

  /// A change of one subscription: its filter, and its group's whole name where it is shared.
  struct SubscriptionChange {
    let filter: [UInt8]
    let share: [UInt8]?
    var entry: SubscriptionEntry
    /// Whether it brings the retained messages of its filter.
    var wantsRetained: Bool
    /// Of the message that was retained last before it: what is retained later goes by it.
    var lastSerial: UInt64 = 0
  }

  /// How many subscriptions change before other loops have their turn at what all share.
  private static let changesAtOnce = 64

  /// Adds subscriptions, filling in their groups and what was retained last before each.
  func subscribe(_ changes: inout [SubscriptionChange]) {
    var rest = changes.indices[...]
    while !rest.isEmpty {
      state.withLock { state in
        for index in rest.prefix(Self.changesAtOnce) {
          let change = changes[index]
          changes[index].entry = state.subscriptions.insert(change.entry, at: change.filter, share: change.share)
          changes[index].lastSerial = state.retained.lastSerial
        }
        routeVersion.add(1, ordering: .releasing)
      }
      rest = rest.dropFirst(Self.changesAtOnce)
    }
  }

  func unsubscribe(_ subscriber: SubscriberID, from filters: [(filter: [UInt8], share: [UInt8]?)]) {
    guard !filters.isEmpty else { return }
    state.withLock { state in
      for (filter, share) in filters { state.subscriptions.remove(subscriber, from: filter, share: share) }
      routeVersion.add(1, ordering: .releasing)
    }
  }

  func currentSubscriptions() -> (tree: SubscriptionTree, version: UInt64) {
    state.withLock { ($0.subscriptions, routeVersion.load(ordering: .acquiring)) }
  }

  // MARK: Retained messages

  enum RetainOutcome {
    /// Kept or cleared; the message goes by these subscriptions and no others.
    case retained(SubscriptionTree, version: UInt64, serial: UInt64)
    case exceedsLimit
  }

  /// What a path of this many levels takes in a tree at most: a node, its dictionary and its level's bytes.
  static func treeBytes(levels: Int) -> Int { 200 * levels }

  /// Sets the retained message of a topic, or clears it where the payload is empty [MQTT-3.3.1-6].
  func retain(_ message: StoredMessage, levels: [TopicLevel]) -> RetainOutcome {
    state.withLock { state in
      guard state.retained.set(message, levels: levels, limits: limits) else { return .exceedsLimit }
      return .retained(
        state.subscriptions, version: routeVersion.load(ordering: .acquiring), serial: state.retained.lastSerial)
    }
  }

  /// Keeps a retained message of before a restart; false where a limit refuses it.
  func restoreRetained(_ message: StoredMessage, serial: UInt64) -> Bool {
    state.withLock {
      $0.retained.restore(message, serial: serial, levels: SubscriptionTree.levels(of: message.topic), limits: limits)
    }
  }

  func currentRetained() -> OrderedTopicTree<RetainedMessage> { state.withLock { $0.retained.tree } }

  /// How many retained messages expire before other loops have their turn, and in how many such turns a second.
  private static let expiriesAtOnce = 1_024
  private static let expiryTurns = 16

  /// Forgets retained messages whose time is over (`BrokerTime.monotonic`), the rest of very many a second later; returns
  /// them. None of them is delivered meanwhile.
  func expireRetained(at now: Int64) -> [RetainedMessage] {
    var expired: [RetainedMessage] = []
    for _ in 0..<Self.expiryTurns {
      let turn = state.withLock { $0.retained.expire(at: now, limit: Self.expiriesAtOnce) }
      expired += turn
      if turn.count < Self.expiriesAtOnce { break }
    }
    return expired
  }
}
