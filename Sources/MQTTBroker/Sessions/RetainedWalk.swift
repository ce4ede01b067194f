import DequeModule
import MQTTProtocol

/// Retained messages that a new subscription is still to bring, by their topics: what is written is what the topic has
/// then, so that nothing old passes something newer, and nothing replaced is kept alive.
struct RetainedWalk {
  /// As it was subscribed to, for the options; `filter` tells which.
  let entry: SubscriptionEntry
  let filter: [UInt8]
  /// Of the last message that was kept before: what came later goes by the subscription itself.
  let lastSerial: UInt64
  private(set) var topics: Deque<[UInt8]> = []
  /// For the limits.
  private(set) var byteCount = 0

  init(entry: SubscriptionEntry, filter: [UInt8], lastSerial: UInt64) {
    self.entry = entry
    self.filter = filter
    self.lastSerial = lastSerial
  }

  /// Whether the topic's message is still owed: not where the client got it, or will get it, as a new one. At QoS 0 it
  /// may have lost that, being slow or away.
  func brings(_ retained: RetainedMessage) -> Bool {
    retained.serial <= lastSerial || min(retained.message.qos, entry.qos) == .atMostOnce
  }

  static func bytes(of topic: [UInt8]) -> Int { topic.count + 64 }

  var isEmpty: Bool { topics.isEmpty }

  mutating func append(_ topic: [UInt8]) {
    topics.append(topic)
    byteCount += Self.bytes(of: topic)
  }

  mutating func removeFirst() {
    guard let topic = topics.popFirst() else { return }
    byteCount -= Self.bytes(of: topic)
  }

  /// Drops the last until `bytes` are free; returns how many those were.
  mutating func shed(bytes: Int) -> Int {
    let goal = max(byteCount - bytes, 0)
    var count = 0
    while byteCount > goal, let topic = topics.popLast() {
      byteCount -= Self.bytes(of: topic)
      count += 1
    }
    return count
  }
}
