import DequeModule

/// What a session's new subscriptions are still to bring: one walk a filter, oldest first.
struct RetainedWalks {
  private var walks: [[UInt8]: RetainedWalk] = [:]
  /// Every filter of `walks`, and some that are gone.
  private var order: Deque<[UInt8]> = []
  /// For the limits: what is known with the subscriptions, and what places add to it.
  private(set) var byteCount = 0
  private(set) var placeBytes = 0
  /// Whether the client may have lost messages of QoS 0 since the oldest of them began.
  private(set) var isLossy = false

  var isEmpty: Bool { walks.isEmpty }
  var count: Int { walks.count }
  /// Of `order`, for tests.
  var orderCount: Int { order.count }

  subscript(filter: [UInt8]) -> RetainedWalk? { walks[filter] }

  var first: RetainedWalk? {
    mutating get {
      while let filter = order.first {
        if let walk = walks[filter] { return walk }
        order.removeFirst()
      }
      return nil
    }
  }

  /// Takes the place of a former walk of the same filter.
  mutating func begin(_ walk: RetainedWalk) {
    byteCount += walk.byteCount
    placeBytes += walk.placeBytes
    if let former = walks.updateValue(walk, forKey: walk.filter) {
      byteCount -= former.byteCount
      placeBytes -= former.placeBytes
    } else {
      order.append(walk.filter)
      forgetGone()
    }
  }

  /// A walk came further, unless it is gone.
  mutating func update(_ walk: RetainedWalk) {
    guard let former = walks[walk.filter] else { return }
    placeBytes += walk.placeBytes - former.placeBytes
    walks[walk.filter] = walk
  }

  /// A subscription was replaced by one that brings nothing anew: what the former one still owes goes by it.
  mutating func subscriptionChanged(to entry: SubscriptionEntry, filter: [UInt8]) { walks[filter]?.entry = entry }

  mutating func readerLostMessage() {
    if !walks.isEmpty { isLossy = true }
  }

  mutating func remove(_ filter: [UInt8]) {
    guard let walk = walks.removeValue(forKey: filter) else { return }
    byteCount -= walk.byteCount
    placeBytes -= walk.placeBytes
    forgetGone()
  }

  mutating func removeAll(where isRemoved: (RetainedWalk) -> Bool) {
    for walk in walks.values where isRemoved(walk) { remove(walk.filter) }
  }

  mutating func removeAll() { self = RetainedWalks() }

  private mutating func forgetGone() {
    // A client at rest keeps nothing of it.
    guard !walks.isEmpty else { return removeAll() }
    if order.count > 2 * walks.count + 16 { order.removeAll { walks[$0] == nil } }
  }
}
