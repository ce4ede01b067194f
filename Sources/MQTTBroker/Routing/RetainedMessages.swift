import HeapModule

/// A retained message, and how many were kept before it.
struct RetainedMessage: Sendable {
  let message: StoredMessage
  let serial: UInt64
}

/// The retained message of each topic, within its limits, those that expire found without a walk.
struct RetainedMessages: Sendable {
  private(set) var tree = OrderedTopicTree<RetainedMessage>()
  /// Rises with every message that is kept.
  private(set) var lastSerial: UInt64 = 0
  private(set) var count = 0
  /// Of topics, payloads and properties, and of their places in the tree.
  private(set) var byteCount = 0
  /// Each retained message that expires, and as many that are gone.
  private var expiries = Heap<Expiry>()
  private var expiringCount = 0

  /// Of the heap, for tests.
  var expiryCount: Int { expiries.count }

  /// By topic and serial: a message that was replaced is not kept for it.
  private struct Expiry: Comparable, Sendable {
    let at: Int64
    let topic: [UInt8]
    let serial: UInt64

    static func < (left: Expiry, right: Expiry) -> Bool { left.at < right.at }
    static func == (left: Expiry, right: Expiry) -> Bool { left.at == right.at }
  }

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
    if old?.expiry != nil { expiringCount -= 1 }
    if let new, let expiry = new.expiry {
      expiringCount += 1
      expiries.insert(Expiry(at: expiry, topic: new.topic, serial: serial))
    }
    dropReplaced()
    return true
  }

  /// Forgets messages whose time is over.
  mutating func expire(at now: Int64) -> Int {
    var expired = 0
    while let next = expiries.min, next.at <= now {
      expiries.removeMin()
      guard let (retained, levels) = message(of: next) else { continue }
      tree.update(levels) { $0 = nil }
      count -= 1
      byteCount -= retained.byteCount + Broker.treeBytes(levels: levels.count)
      expiringCount -= 1
      expired += 1
    }
    return expired
  }

  /// The message that is to expire, with its place in the tree; nil where it was replaced or cleared.
  private func message(of expiry: Expiry) -> (StoredMessage, levels: [TopicLevel])? {
    let levels = SubscriptionTree.levels(of: expiry.topic)
    guard let retained = tree.value(at: levels), retained.serial == expiry.serial else { return nil }
    return (retained.message, levels)
  }

  /// How many of those that are gone are worth a new heap.
  static let maximumReplaced = 64

  /// Keeps the heap in proportion to what really expires.
  private mutating func dropReplaced() {
    guard expiries.count > 2 * expiringCount + Self.maximumReplaced else { return }
    expiries = Heap(expiries.unordered.filter { message(of: $0) != nil })
  }
}
