import HashTreeCollections
import MQTTProtocol
import Synchronization

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
  /// The group whose member the subscriber is by it (`$share/group/filter`).
  var share: ShareGroup?
}

/// A shared subscription: of its members, one gets each message (MQTT 5.0 §4.8.2).
package final class ShareGroup: Sendable {
  /// As subscribed to, `me` rewritten: `$share/group/filter`.
  let name: [UInt8]
  /// What comes after the group.
  let filter: [UInt8]
  /// Rises with every message, so that members take turns.
  private let turn = Atomic<UInt64>(0)

  /// Whether something may wait at a member that is absent.
  private let waiting = Atomic<Bool>(false)

  init(name: [UInt8], filter: [UInt8]) {
    self.name = name
    self.filter = filter
  }

  func keptForAbsentMember() { waiting.store(true, ordering: .releasing) }

  /// Whether something may wait; whoever asks sees to it.
  func takesWaiting() -> Bool { waiting.exchange(false, ordering: .acquiringAndReleasing) }

  /// The place, below `count`, of the member whose turn it is.
  func nextTurn(of count: Int) -> Int {
    Int((turn.wrappingAdd(1, ordering: .relaxed).oldValue) % UInt64(max(count, 1)))
  }
}

/// All subscriptions to one filter.
package struct FilterSubscriptions: Sendable {
  typealias Entries = TreeDictionary<SubscriberID, SubscriptionEntry>

  var own: Entries = [:]
  var shared: TreeDictionary<[UInt8], SharedSubscriptions> = [:]

  struct SharedSubscriptions: Sendable {
    let group: ShareGroup
    var members = ShareMembers()
  }

  var isEmpty: Bool { own.isEmpty && shared.isEmpty }
}

package typealias SubscriptionTree = TopicTree<FilterSubscriptions>

extension TopicTree where Value == FilterSubscriptions {
  /// Adds or replaces a subscription; `share` is the group's name for a shared one. Returns the entry as kept.
  mutating func insert(_ entry: SubscriptionEntry, at filter: [UInt8], share: [UInt8]?) -> SubscriptionEntry {
    var entry = entry
    update(Self.levels(of: filter)) { subscriptions in
      var changed = subscriptions ?? FilterSubscriptions()
      if let share {
        var shared =
          changed.shared[share]
          ?? FilterSubscriptions.SharedSubscriptions(group: ShareGroup(name: share, filter: filter))
        entry.share = shared.group
        shared.members = shared.members.adding(RouteTarget(entry))
        changed.shared[share] = shared
      } else {
        changed.own[entry.subscriber.id] = entry
      }
      subscriptions = changed
    }
    return entry
  }

  mutating func remove(_ id: SubscriberID, from filter: [UInt8], share: [UInt8]?) {
    update(Self.levels(of: filter)) { subscriptions in
      guard var changed = subscriptions else { return }
      if let share {
        if let members = changed.shared[share]?.members.removing(id) {
          changed.shared[share]?.members = members
          if members.isEmpty { changed.shared[share] = nil }
        }
      } else {
        changed.own[id] = nil
      }
      subscriptions = changed.isEmpty ? nil : changed
    }
  }

  /// The members of a group, the same list on every event loop.
  func members(of group: ShareGroup) -> [RouteTarget] {
    value(at: Self.levels(of: group.filter))?.shared[group.name]?.members.inOrder ?? []
  }
}
