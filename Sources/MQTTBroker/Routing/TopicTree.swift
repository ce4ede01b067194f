import Glibc
import HashTreeCollections

/// One level of a topic or filter, compared as bytes: MQTT knows no Unicode normalisation ([MQTT-1.5.4-3]).
package struct TopicLevel: Hashable, Sendable {
  package let bytes: [UInt8]

  init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  static let singleLevelWildcard = TopicLevel("+".utf8)
  static let multiLevelWildcard = TopicLevel("#".utf8)

  /// Negative where it comes before the other by its bytes, 0 where it is the same.
  func order(relativeTo other: TopicLevel) -> Int {
    let common = min(bytes.count, other.bytes.count)
    let order = bytes.withUnsafeBytes { left in
      other.bytes.withUnsafeBytes { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return Int32(0) }
        return memcmp(left, right, common)
      }
    }
    return order == 0 ? bytes.count - other.bytes.count : Int(order)
  }
}

/// A persistent tree of values by filter: a change copies one path, and whoever holds the old tree keeps it. `+` and `#`
/// are levels like others.
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
}
