import HashTreeCollections
import Synchronization

/// The members of a group by one version of the subscriptions.
///
/// A class, so that all event loops, and all routes of that version, have one list of them.
final class ShareMembers: Sendable {
  private let targets: TreeDictionary<SubscriberID, RouteTarget>
  private let list = Mutex<[RouteTarget]?>(nil)

  init(_ targets: TreeDictionary<SubscriberID, RouteTarget> = [:]) { self.targets = targets }

  var isEmpty: Bool { targets.isEmpty }

  /// In the order of their identities, so that turns go on where they were when a member comes or goes.
  ///
  /// Made when somebody asks, not with each change: ten thousand members may subscribe one after the other.
  var inOrder: [RouteTarget] {
    list.withLock { list in
      if let list { return list }
      let sorted = targets.sorted { $0.key.rawValue < $1.key.rawValue }.map(\.value)
      list = sorted
      return sorted
    }
  }

  func adding(_ target: RouteTarget) -> ShareMembers {
    var targets = targets
    targets[target.subscriber.id] = target
    return ShareMembers(targets)
  }

  func removing(_ id: SubscriberID) -> ShareMembers {
    var targets = targets
    targets[id] = nil
    return ShareMembers(targets)
  }
}
