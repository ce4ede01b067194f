import HashTreeCollections
import MQTTProtocol

/// Where one message goes for one subscriber, all its matching subscriptions taken together.
///
/// A class, because routes are walked for every message: one reference to count instead of four.
package final class RouteTarget: Sendable {
  let subscriber: Subscriber
  /// The highest of the matching subscriptions [MQTT-3.3.5-1].
  let qos: QoS
  /// Set where every matching subscription says so.
  let noLocal: Bool
  let retainAsPublished: Bool
  /// Of every matching subscription that has one [MQTT-3.3.4-3].
  let identifiers: [UInt32]
  let isByMe: Bool
  let isExact: Bool
  /// The group for which this subscriber gets it.
  let share: ShareGroup?
  /// The target as the subscriber's own messages see it, where only some of its subscriptions say No Local.
  private let forOwnMessages: RouteTarget?

  convenience init(_ entry: SubscriptionEntry) { self.init(CollectionOfOne(entry), of: entry) }

  /// All of one subscriber's subscriptions that match; there is at least one.
  convenience init(_ entries: [SubscriptionEntry]) { self.init(entries, of: entries[0]) }

  private init(_ entries: some Collection<SubscriptionEntry>, of first: SubscriptionEntry) {
    subscriber = first.subscriber
    share = first.share
    var qos = first.qos
    var noLocal = true
    var isSelective = false
    var retainAsPublished = false
    var identifiers: [UInt32] = []
    var isByMe = false
    var isExact = false
    for entry in entries {
      qos = max(qos, entry.qos)
      noLocal = noLocal && entry.noLocal
      isSelective = isSelective || entry.noLocal
      retainAsPublished = retainAsPublished || entry.retainAsPublished
      if entry.identifier != 0 { identifiers.append(entry.identifier) }
      isByMe = isByMe || entry.isByMe
      isExact = isExact || entry.isExact
    }
    self.qos = qos
    self.noLocal = noLocal
    self.retainAsPublished = retainAsPublished
    self.identifiers = identifiers
    self.isByMe = isByMe
    self.isExact = isExact
    isPlain = identifiers.isEmpty && !isByMe
    forOwnMessages = isSelective && !noLocal ? RouteTarget(entries.filter { !$0.noLocal }) : nil
  }

  /// As a message that waits for a member of a group was to go to it.
  convenience init(_ queued: OutboundFlow.Queued, for member: Subscriber) {
    self.init(
      SubscriptionEntry(
        subscriber: member, qos: queued.qos, noLocal: false, retainAsPublished: queued.retain,
        identifier: queued.identifiers.first ?? 0, isByMe: queued.isByMe, isExact: false, share: queued.share))
  }

  /// What holds for a message of this publisher; nil where it is the subscriber's own and No Local [MQTT-3.8.3-3].
  @inline(__always)
  func seen(by publisher: SubscriberID?) -> RouteTarget? {
    guard isSelective, subscriber.id == publisher else { return self }
    return forOwnMessages
  }

  /// Whether the subscriber's own messages are treated in another way than those of others.
  var isSelective: Bool { noLocal || forOwnMessages != nil }

  /// Whether the subscriber gets messages just as all others who are plain do.
  let isPlain: Bool

  /// Whether the delivery of a message of this QoS is recorded.
  @inline(__always)
  func isRecorded(at qos: QoS) -> Bool { subscriber.isDurable && qos != .atMostOnce && self.qos != .atMostOnce }

  /// Whether the receipt of a message wants to hear of this subscriber: never of whom a group chose.
  func isAddressee(of receipt: DeliveryReceipt?) -> Bool {
    guard let receipt, share == nil else { return false }
    switch receipt.addressee {
    case .exactSubscribers: return isExact
    case .connection(let id): return subscriber.id == id
    }
  }
}

/// Where messages on one topic go, sorted by event loop.
struct Route {
  /// A subscriber of the loop that has the route, with what most messages need to know of it in one place.
  struct Local {
    let target: RouteTarget
    let id: SubscriberID
    /// Where the session was in the shard's table when the route was made; -1 where it was not there yet.
    let slot: Int
    let retainAsPublished: Bool
    /// Gets every message of QoS 0 as all others of its kind do.
    let isPlain: Bool

    init(_ target: RouteTarget) {
      self.target = target
      id = target.subscriber.id
      slot = target.subscriber.slot ?? -1
      retainAsPublished = target.retainAsPublished
      isPlain = target.isPlain && !target.isSelective
    }
  }

  var local: [Local] = []
  /// Those of other loops, to be posted there as they stand.
  var remote: [(shard: Int, targets: [RouteTarget])] = []
  /// Whether some target treats its own messages in another way.
  var isSelective = false
  /// Whether the session of some target of another loop is durable.
  var hasDurableRemote = false
  /// Groups, of each of which one member gets the message.
  var shares: [(group: ShareGroup, members: [RouteTarget])] = []

  var isEmpty: Bool { local.isEmpty && remote.isEmpty && shares.isEmpty }

  var targetCount: Int {
    local.count + remote.reduce(0) { $0 + $1.targets.count } + shares.reduce(0) { $0 + $1.members.count }
  }
}

extension TopicTree where Value == FilterSubscriptions {
  /// All who get a message on this topic, each once, and the groups beside them.
  func route(of topic: [TopicLevel], for shard: Int) -> Route {
    var matches: [FilterSubscriptions] = []
    forEachFilter(matching: topic) { matches.append($0) }
    var targets: [RouteTarget] = []
    if matches.count == 1 {
      targets.reserveCapacity(matches[0].own.count)
      for entry in matches[0].own.values { targets.append(RouteTarget(entry)) }
    } else {
      var entries: [SubscriberID: [SubscriptionEntry]] = [:]
      var order: [SubscriberID] = []
      for match in matches {
        for (id, entry) in match.own {
          if entries[id] == nil { order.append(id) }
          entries[id, default: []].append(entry)
        }
      }
      targets = order.compactMap { entries[$0].map { RouteTarget($0) } }
    }
    var route = Route()
    var remote: [Int: [RouteTarget]] = [:]
    for target in targets {
      let home = target.subscriber.shard
      if home == shard { route.local.append(Route.Local(target)) } else { remote[home, default: []].append(target) }
    }
    route.isSelective = targets.contains(where: \.isSelective)
    route.hasDurableRemote = remote.values.contains { $0.contains { $0.subscriber.isDurable } }
    route.remote = remote.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    for match in matches {
      for shared in match.shared.values {
        route.shares.append((shared.group, shared.members.inOrder))
      }
    }
    return route
  }
}
