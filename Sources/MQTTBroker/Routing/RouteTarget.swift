import HashTreeCollections
import MQTTProtocol

/// Where one message goes for one subscriber, all its matching subscriptions taken together.
package struct RouteTarget: Sendable {
  let subscriber: Subscriber
  /// The highest of the matching subscriptions [MQTT-3.3.5-1].
  var qos: QoS
  /// Set where every matching subscription says so.
  var noLocal: Bool
  var retainAsPublished: Bool
  /// Of every matching subscription that has one [MQTT-3.3.4-3].
  var identifiers: [UInt32]
  var isByMe: Bool
  var isExact: Bool
  /// The group for which this subscriber gets it.
  var share: ShareGroup?
  /// The target as the subscriber's own messages see it, where only some of its subscriptions say No Local.
  private var forOwnMessages: [SubscriptionEntry]?

  init(_ entry: SubscriptionEntry) {
    subscriber = entry.subscriber
    qos = entry.qos
    noLocal = entry.noLocal
    retainAsPublished = entry.retainAsPublished
    identifiers = entry.identifier == 0 ? [] : [entry.identifier]
    isByMe = entry.isByMe
    isExact = entry.isExact
    share = entry.share
  }

  mutating func merge(_ entry: SubscriptionEntry, others: [SubscriptionEntry]) {
    qos = max(qos, entry.qos)
    retainAsPublished = retainAsPublished || entry.retainAsPublished
    if entry.identifier != 0 { identifiers.append(entry.identifier) }
    isByMe = isByMe || entry.isByMe
    isExact = isExact || entry.isExact
    let all = others + [entry]
    noLocal = all.allSatisfy(\.noLocal)
    forOwnMessages = all.contains(where: \.noLocal) && !noLocal ? all.filter { !$0.noLocal } : nil
  }

  /// What holds for a message of this publisher; nil where it is the subscriber's own and No Local [MQTT-3.8.3-3].
  @inline(__always)
  func seen(by publisher: SubscriberID?) -> RouteTarget? {
    guard isSelective, subscriber.id == publisher else { return self }
    return ownTarget()
  }

  private func ownTarget() -> RouteTarget? {
    guard !noLocal, let entries = forOwnMessages, let first = entries.first else { return nil }
    var target = RouteTarget(first)
    for entry in entries.dropFirst() { target.merge(entry, others: []) }
    return target
  }

  /// Whether the subscriber's own messages are treated in another way than those of others.
  var isSelective: Bool { noLocal || forOwnMessages != nil }

  /// Whether the receipt of a message wants to hear of this subscriber.
  func isAddressee(of receipt: DeliveryReceipt?) -> Bool {
    guard let receipt else { return false }
    switch receipt.addressee {
    case .exactSubscribers: return isExact && share == nil
    case .connection(let id): return subscriber.id == id
    }
  }
}

/// Where messages on one topic go, sorted by event loop.
struct Route {
  /// Subscribers of the loop that has the route.
  var local: [RouteTarget] = []
  /// Those of other loops, to be posted there as they stand.
  var remote: [(shard: Int, targets: [RouteTarget])] = []
  /// Whether some target treats its own messages in another way.
  var isSelective = false
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
      var places: [SubscriberID: Int] = [:]
      for match in matches {
        for (id, entry) in match.own {
          if let place = places[id] {
            targets[place].merge(entry, others: entries[id] ?? [])
          } else {
            places[id] = targets.count
            targets.append(RouteTarget(entry))
          }
          entries[id, default: []].append(entry)
        }
      }
    }
    var route = Route()
    var remote: [Int: [RouteTarget]] = [:]
    for target in targets {
      let home = target.subscriber.shard
      if home == shard { route.local.append(target) } else { remote[home, default: []].append(target) }
    }
    route.isSelective = targets.contains(where: \.isSelective)
    route.remote = remote.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    for match in matches {
      for shared in match.shared.values {
        let members = shared.members.values.sorted { $0.subscriber.id.rawValue < $1.subscriber.id.rawValue }
        route.shares.append((shared.group, members.map { RouteTarget($0) }))
      }
    }
    return route
  }
}
