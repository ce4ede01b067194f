/// A topic as one event loop knows it: what it means, where it goes, what the sink noted on it.
package final class TopicEntry {
  package let topic: [UInt8]
  package let meaning: TopicMeaning
  /// The sink's own note, e.g. the series behind the topic; read back instead of looking anything up.
  package var note: AnyObject?

  /// Where messages go, by the subscription tree of `routeVersion`.
  var targets: [RouteTarget] = []
  var routeVersion: UInt64 = .max

  /// Made when asked for: only a change of subscriptions needs them, and they would be most of an entry's memory.
  var levels: [TopicLevel] { SubscriptionTree.levels(of: topic) }

  init(topic: [UInt8], meaning: TopicMeaning) {
    self.topic = topic
    self.meaning = meaning
  }
}

/// The topics of one event loop, interned by their bytes.
struct TopicTable {
  private var entries: [TopicName: TopicEntry] = [:]
  private let limit: Int
  private let maximumTopicBytes: Int

  init(limit: Int, maximumTopicBytes: Int) {
    self.limit = limit
    self.maximumTopicBytes = maximumTopicBytes
  }

  private struct TopicName: Hashable {
    let bytes: [UInt8]

    func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
  }

  /// The entry of a valid topic, made where there is none yet.
  mutating func entry(for topic: [UInt8]) -> TopicEntry {
    let name = TopicName(bytes: topic)
    if let entry = entries[name] { return entry }
    if entries.count >= limit { entries.removeAll(keepingCapacity: true) }
    let entry = TopicEntry(topic: topic, meaning: topic.withUnsafeBytes { DeviceTopicParser.meaning(of: $0) })
    if topic.count <= maximumTopicBytes { entries[name] = entry }
    return entry
  }
}
