/// A topic as one event loop knows it: what it means, where it goes, what the sink noted on it.
package final class TopicEntry {
  package let topic: [UInt8]
  package let meaning: TopicMeaning
  /// The sink's own note, e.g. the series behind the topic; read back instead of looking anything up.
  package var note: AnyObject?

  /// Where messages go, by the subscription tree of `routeVersion`.
  private(set) var route = Route()
  private(set) var routeVersion: UInt64 = .max
  /// Where the route's places are counted; nil where it is kept for one message only.
  private var budget: RouteBudget?

  /// Made when asked for: only a change of subscriptions needs them, and they would be most of an entry's memory.
  var levels: [TopicLevel] { SubscriptionTree.levels(of: topic) }

  init(topic: [UInt8], meaning: TopicMeaning) {
    self.topic = topic
    self.meaning = meaning
  }

  deinit { budget?.taken -= route.targetCount }
}

extension TopicEntry {
  /// Takes a new route, for as long as the budget has room for it.
  func setRoute(_ route: Route, version: UInt64, budget: RouteBudget) {
    self.budget?.taken -= self.route.targetCount
    let count = route.targetCount
    let fits = budget.taken + count <= budget.limit
    self.budget = fits ? budget : nil
    if fits { budget.taken += count }
    self.route = route
    routeVersion = version
  }

  /// Drops a route for which the budget has no room; call when the message has gone.
  @inline(__always)
  func forgetTransientRoute() {
    guard budget == nil else { return }
    route = Route()
    routeVersion = .max
  }
}

/// How many places the remembered routes of one event loop have, and may have.
final class RouteBudget {
  let limit: Int
  fileprivate(set) var taken = 0

  init(limit: Int) { self.limit = limit }
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
