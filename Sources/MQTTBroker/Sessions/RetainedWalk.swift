import MQTTProtocol

/// Retained messages that a new subscription is still to bring. It keeps a place among their topics, no list of them:
/// what is written is what a topic has when its turn comes, so that nothing old passes something newer, and nothing
/// replaced is kept alive.
struct RetainedWalk {
  enum Finding {
    case message(StoredMessage)
    /// There may be more.
    case outOfSteps
    case ended
  }

  let filter: [UInt8]
  /// The subscription as it is now.
  var entry: SubscriptionEntry
  /// Of the last message that was kept before: what came later goes by the subscription itself.
  let lastSerial: UInt64
  private var walk: TopicWalk
  /// Whether the message at its place was found and not brought yet.
  private var isOwed = false

  init(entry: SubscriptionEntry, filter: [UInt8], lastSerial: UInt64) {
    self.entry = entry
    self.filter = filter
    self.lastSerial = lastSerial
    walk = TopicWalk(filter: SubscriptionTree.levels(of: filter))
  }

  /// One that was under way before a restart.
  init(entry: SubscriptionEntry, filter: [UInt8], resuming progress: RetainedProgress) {
    self.init(entry: entry, filter: filter, lastSerial: progress.lastSerial)
    walk.place = progress.place.map { SubscriptionTree.levels(of: $0) }
    isOwed = progress.isOwed
  }

  /// What it counts for in the limits, a place of usual length included.
  static func byteCount(of filter: [UInt8]) -> Int {
    1_024 + filter.count + 64 * BrokerShard.levelCount(filter)
  }

  var byteCount: Int { Self.byteCount(of: filter) }

  /// What a long place counts for: its topic may be gone from the tree.
  var placeBytes: Int { max(0, (walk.place?.reduce(0) { $0 + $1.bytes.count } ?? 0) - 512) }

  /// The next message that is owed, again and again until it `wasBrought`. `isLossy` where the client may have lost
  /// messages of QoS 0 since the walk began.
  mutating func find(in tree: OrderedTopicTree<RetainedMessage>, isLossy: Bool, steps: inout Int) -> Finding {
    if isOwed, let retained = walk.place.flatMap({ tree.value(at: $0) }), brings(retained, isLossy) {
      return .message(retained.message)
    }
    isOwed = false
    while steps > 0 {
      switch tree.next(&walk, steps: &steps) {
      case .found(let retained):
        guard brings(retained, isLossy) else { continue }
        isOwed = true
        return .message(retained.message)
      case .outOfSteps: return .outOfSteps
      case .ended: return .ended
      }
    }
    return .outOfSteps
  }

  /// The topic that was looked at last; nil before the first.
  var placeName: [UInt8]? { walk.place.map { Array($0.map(\.bytes).joined(separator: [UInt8(ascii: "/")])) } }

  var isPlaceOwed: Bool { isOwed }

  mutating func wasBrought() { isOwed = false }

  /// Whether the topic's message is still owed: not where the client got it, or will get it, as a new one.
  private func brings(_ retained: RetainedMessage, _ isLossy: Bool) -> Bool {
    // [MQTT-3.8.3-3]
    if entry.noLocal && retained.message.publisher == entry.subscriber.id { return false }
    if retained.serial <= lastSerial { return true }
    return isLossy && min(retained.message.qos, entry.qos) == .atMostOnce
  }
}

extension RetainedProgress {
  init(_ walk: RetainedWalk) {
    self.init(lastSerial: walk.lastSerial, place: walk.placeName, isOwed: walk.isPlaceOwed)
  }
}
