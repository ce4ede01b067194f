/// A retained message, and how many were kept before it.
struct RetainedMessage: Sendable {
  let message: StoredMessage
  let serial: UInt64
}

/// The retained message of each topic, within its limits. Those that expire are found without a walk.
struct RetainedMessages: Sendable {
  private(set) var tree = OrderedTopicTree<RetainedMessage>()
  /// Rises with every message that is kept.
  private(set) var lastSerial: UInt64 = 0
  private(set) var count = 0
  /// Of topics, payloads and properties, and of their places in the tree.
  private(set) var byteCount = 0
  private var expiries = RetainedExpiries()

  /// How many of them expire, for tests.
  var expiringCount: Int { expiries.count }

  /// Keeps a message, or clears its topic where the payload is empty. False: a limit refuses it, nothing is changed.
  mutating func set(_ message: StoredMessage, levels: [TopicLevel], limits: BrokerLimits) -> Bool {
    let old = tree.value(at: levels)?.message
    let new = message.payload.isEmpty ? nil : message
    let newCount = count + (new == nil ? 0 : 1) - (old == nil ? 0 : 1)
    let path = Broker.treeBytes(levels: levels.count)
    let newBytes = byteCount + (new.map { $0.byteCount + path } ?? 0) - (old.map { $0.byteCount + path } ?? 0)
    let grows = newBytes > byteCount || newCount > count
    if grows, newCount > limits.maximumRetainedMessages || newBytes > limits.maximumRetainedBytes { return false }
    guard old != nil || new != nil else { return true }
    lastSerial += 1
    let serial = lastSerial
    tree.update(levels) { $0 = new.map { RetainedMessage(message: $0, serial: serial) } }
    count = newCount
    byteCount = newBytes
    if let expiry = old?.expiry { expiries.remove(message.topic, at: expiry) }
    if let expiry = new?.expiry { expiries.insert(message.topic, at: expiry) }
    return true
  }

  /// Keeps a message of before a restart under the serial that it had; false where a limit refuses it.
  mutating func restore(
    _ message: StoredMessage, serial: UInt64, levels: [TopicLevel], limits: BrokerLimits
  ) -> Bool {
    let last = lastSerial
    defer { lastSerial = max(last, serial) }
    lastSerial = serial - 1
    return set(message, levels: levels, limits: limits)
  }

  mutating func continueSerials(after serial: UInt64) { lastSerial = max(lastSerial, serial) }

  /// Forgets at most `limit` messages whose time is over; returns those that were due.
  mutating func expire(at now: Int64, limit: Int) -> [RetainedMessage] {
    var expired: [RetainedMessage] = []
    let due = expiries.takeDue(at: now, limit: limit)
    for topic in due {
      let levels = SubscriptionTree.levels(of: topic)
      guard let retained = tree.value(at: levels) else { continue }
      tree.update(levels) { $0 = nil }
      count -= 1
      byteCount -= retained.message.byteCount + Broker.treeBytes(levels: levels.count)
      expired.append(retained)
    }
    return expired
  }
}
