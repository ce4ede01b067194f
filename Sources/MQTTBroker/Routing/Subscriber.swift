package import HashTreeCollections
import MQTTProtocol

/// A subscriber's identity in the subscription tree.
package struct SubscriberID: Hashable, Sendable {
  package let rawValue: UInt64
}

/// Where a subscriber is: which event loop, which place in it.
package final class Subscriber: Sendable {
  package let id: SubscriberID
  package let shard: Int
  /// Place in the shard's table of connections.
  package let slot: Int
  package let clientIdentifier: String

  init(id: SubscriberID, shard: Int, slot: Int, clientIdentifier: String) {
    self.id = id
    self.shard = shard
    self.slot = slot
    self.clientIdentifier = clientIdentifier
  }
}

/// One subscription as the tree keeps it.
package struct SubscriptionEntry: Sendable {
  let subscriber: Subscriber
  let qos: QoS
  let noLocal: Bool
  let retainAsPublished: Bool
  /// 0 = none.
  let identifier: UInt32
  /// The client named it `v1/devices/me/…` and sees topics so.
  let isByMe: Bool
  /// The filter has no wildcard.
  let isExact: Bool
}

package typealias SubscriptionSet = TreeDictionary<SubscriberID, SubscriptionEntry>
package typealias SubscriptionTree = TopicTree<SubscriptionSet>

/// Where one message goes for one subscriber, all its matching subscriptions taken together.
package struct RouteTarget: Sendable {
  let subscriber: Subscriber
  /// The highest of the matching subscriptions [MQTT-3.3.5-1].
  var qos: QoS
  /// Set where every matching subscription says so.
  var noLocal: Bool
  var retainAsPublished: Bool
  var identifiers: [UInt32]
  var isByMe: Bool
  var isExact: Bool
}

extension TopicTree where Value == SubscriptionSet {
  /// All who get a message on this topic, each once.
  func targets(of topic: [TopicLevel]) -> [RouteTarget] {
    var targets: [RouteTarget] = []
    var places: [SubscriberID: Int] = [:]
    forEachFilter(matching: topic) { subscriptions in
      for (id, entry) in subscriptions {
        if let place = places[id] {
          targets[place].merge(entry)
        } else {
          places[id] = targets.count
          targets.append(RouteTarget(entry))
        }
      }
    }
    return targets
  }
}

extension RouteTarget {
  init(_ entry: SubscriptionEntry) {
    self.init(
      subscriber: entry.subscriber, qos: entry.qos, noLocal: entry.noLocal,
      retainAsPublished: entry.retainAsPublished, identifiers: entry.identifier == 0 ? [] : [entry.identifier],
      isByMe: entry.isByMe, isExact: entry.isExact)
  }

  mutating func merge(_ entry: SubscriptionEntry) {
    qos = max(qos, entry.qos)
    noLocal = noLocal && entry.noLocal
    retainAsPublished = retainAsPublished || entry.retainAsPublished
    if entry.identifier != 0 { identifiers.append(entry.identifier) }
    isByMe = isByMe || entry.isByMe
    isExact = isExact || entry.isExact
  }
}
