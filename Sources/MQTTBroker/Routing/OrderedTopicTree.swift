/// A persistent tree of values by topic, walked in order and in as many pieces as one likes: retained messages.
///
/// Topics come by their levels' bytes, a parent before its children. A walk's place is a topic, so that it goes on in
/// whatever the tree has become meanwhile.
package struct OrderedTopicTree<Value: Sendable>: Sendable {
  /// What a walk came to.
  package enum Step {
    case found(Value)
    /// There may be more.
    case outOfSteps
    case ended
  }

  private struct Node: Sendable {
    var value: Value?
    var children = LevelMap<Node>()

    var isEmpty: Bool { value == nil && children.isEmpty }
  }

  private var root = Node()

  package init() {}

  package var isEmpty: Bool { root.isEmpty }

  /// Changes the value of a topic; `update` sees nil where there is none and leaves nil to remove it.
  package mutating func update(_ levels: [TopicLevel], _ update: (inout Value?) -> Void) {
    Self.update(&root, levels[...], update)
  }

  private static func update(_ node: inout Node, _ levels: ArraySlice<TopicLevel>, _ update: (inout Value?) -> Void) {
    guard let level = levels.first else {
      update(&node.value)
      return
    }
    node.children.update(level, initial: Node()) { child in
      Self.update(&child, levels.dropFirst(), update)
      return !child.isEmpty
    }
  }

  package func value(at levels: [TopicLevel]) -> Value? {
    var node = root
    for level in levels {
      guard let child = node.children[level] else { return nil }
      node = child
    }
    return node.value
  }

  /// The next topic that matches the walk's filter. Each node that is looked at takes one of `steps`; at the last of
  /// them the walk stops, to be called again.
  package func next(_ walk: inout TopicWalk, steps: inout Int) -> Step {
    var path: [TopicLevel] = []
    path.reserveCapacity(walk.place?.count ?? 0)
    let step = Self.search(root, walk.filter[...], after: walk.place?[...], &path, &steps)
    walk.place = path
    return step
  }

  /// `place` is what is left of the place to go on from; nil where nothing here was looked at yet.
  private static func search(
    _ node: Node, _ filter: ArraySlice<TopicLevel>, after place: ArraySlice<TopicLevel>?, _ path: inout [TopicLevel],
    _ steps: inout Int
  ) -> Step {
    if place == nil {
      steps -= 1
      // `#` stands for its parent too [MQTT-4.7.1-2].
      if let value = node.value, filter.first.map({ $0 == .multiLevelWildcard }) ?? true { return .found(value) }
      if steps <= 0 { return .outOfSteps }
    }
    guard let level = filter.first else { return .ended }
    guard level == .multiLevelWildcard || level == .singleLevelWildcard else {
      guard let child = node.children[level] else { return .ended }
      // A place below this node is below that child: there is no other way.
      let isBelow = place?.isEmpty == false
      return descend(child, level, filter.dropFirst(), after: isBelow ? place?.dropFirst() : nil, &path, &steps)
    }
    let rest = level == .multiLevelWildcard ? filter : filter.dropFirst()
    if let name = place?.first, let child = node.children[name], !isHidden(name, below: path) {
      let step = descend(child, name, rest, after: place?.dropFirst(), &path, &steps)
      guard case .ended = step else { return step }
    }
    var position = node.children.position(after: place?.first)
    while let child = node.children[position] {
      if isHidden(child.level, below: path) {
        steps -= 1
        if steps <= 0 {
          path.append(child.level)
          return .outOfSteps
        }
      } else {
        let step = descend(child.value, child.level, rest, after: nil, &path, &steps)
        guard case .ended = step else { return step }
      }
      position = node.children.position(after: position)
    }
    return .ended
  }

  private static func descend(
    _ child: Node, _ level: TopicLevel, _ filter: ArraySlice<TopicLevel>, after place: ArraySlice<TopicLevel>?,
    _ path: inout [TopicLevel], _ steps: inout Int
  ) -> Step {
    path.append(level)
    let step = search(child, filter, after: place, &path, &steps)
    if case .ended = step { path.removeLast() }
    return step
  }

  /// Wildcards at the first level do not match a topic that begins with `$` [MQTT-4.7.2-1].
  private static func isHidden(_ level: TopicLevel, below path: [TopicLevel]) -> Bool {
    path.isEmpty && level.bytes.first == UInt8(ascii: "$")
  }
}
