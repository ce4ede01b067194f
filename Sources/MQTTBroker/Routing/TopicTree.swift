import HashTreeCollections

/// One level of a topic or filter, compared as bytes: MQTT knows no Unicode normalisation ([MQTT-1.5.4-3]).
package struct TopicLevel: Hashable, Sendable {
  package let bytes: [UInt8]

  init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  static let singleLevelWildcard = TopicLevel("+".utf8)
  static let multiLevelWildcard = TopicLevel("#".utf8)
}

/// A persistent tree of values by topic levels: a change copies one path, and whoever holds the old tree keeps it.
///
/// Subscriptions keep their filters in it (`+` and `#` are levels like others), retained messages their topics.
package struct TopicTree<Value: Sendable>: Sendable {
  struct Node: Sendable {
    var value: Value?
    var children: TreeDictionary<TopicLevel, Node> = [:]

    var isEmpty: Bool { value == nil && children.isEmpty }
  }

  private var root = Node()

  package init() {}

  package var isEmpty: Bool { root.isEmpty }

  /// The levels of a topic or filter.
  package static func levels(of topic: some Collection<UInt8>) -> [TopicLevel] {
    topic.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { TopicLevel($0) }
  }

  /// Changes the value at a path; `update` sees nil where there is none and leaves nil to remove it.
  package mutating func update(_ levels: [TopicLevel], _ update: (inout Value?) -> Void) {
    Self.update(&root, levels[...], update)
  }

  private static func update(_ node: inout Node, _ levels: ArraySlice<TopicLevel>, _ update: (inout Value?) -> Void) {
    guard let level = levels.first else {
      update(&node.value)
      return
    }
    var child = node.children[level] ?? Node()
    Self.update(&child, levels.dropFirst(), update)
    node.children[level] = child.isEmpty ? nil : child
  }

  /// The value at exactly this path.
  package func value(at levels: [TopicLevel]) -> Value? {
    var node = root
    for level in levels {
      guard let child = node.children[level] else { return nil }
      node = child
    }
    return node.value
  }

  /// Visits the values of all filters that match a topic name (MQTT 5.0 §4.7).
  package func forEachFilter(matching topic: [TopicLevel], _ visit: (Value) -> Void) {
    // Wildcards at the first level do not match a topic that begins with `$` [MQTT-4.7.2-1].
    let isServerTopic = topic.first?.bytes.first == UInt8(ascii: "$")
    Self.forEachFilter(root, topic[...], wildcards: !isServerTopic, visit)
  }

  private static func forEachFilter(
    _ node: Node, _ topic: ArraySlice<TopicLevel>, wildcards: Bool, _ visit: (Value) -> Void
  ) {
    // `#` stands for its parent too [MQTT-4.7.1-2].
    if wildcards, let value = node.children[.multiLevelWildcard]?.value { visit(value) }
    guard let level = topic.first else {
      if let value = node.value { visit(value) }
      return
    }
    if let child = node.children[level] {
      forEachFilter(child, topic.dropFirst(), wildcards: true, visit)
    }
    if wildcards, let child = node.children[.singleLevelWildcard] {
      forEachFilter(child, topic.dropFirst(), wildcards: true, visit)
    }
  }

  /// Visits the values of all topic names that match a filter, without a walk over the rest, until `visit` says false.
  package func forEachTopic(matching filter: [TopicLevel], _ visit: (Value) -> Bool) {
    _ = Self.forEachTopic(root, filter[...], atRoot: true, visit)
  }

  private static func forEachTopic(
    _ node: Node, _ filter: ArraySlice<TopicLevel>, atRoot: Bool, _ visit: (Value) -> Bool
  ) -> Bool {
    guard let level = filter.first else { return node.value.map(visit) ?? true }
    switch level {
    case .multiLevelWildcard:
      if !atRoot, let value = node.value, !visit(value) { return false }
      for (name, child) in node.children where !(atRoot && name.bytes.first == UInt8(ascii: "$")) {
        guard forEachTopic(child, [.multiLevelWildcard], atRoot: false, visit) else { return false }
      }
      return true
    case .singleLevelWildcard:
      for (name, child) in node.children where !(atRoot && name.bytes.first == UInt8(ascii: "$")) {
        guard forEachTopic(child, filter.dropFirst(), atRoot: false, visit) else { return false }
      }
      return true
    default:
      guard let child = node.children[level] else { return true }
      return forEachTopic(child, filter.dropFirst(), atRoot: false, visit)
    }
  }
}
