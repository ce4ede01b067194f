import MQTTBroker
import MQTTProtocol

/// A tree of each kind and, beside them, the plain dictionary that they must agree with.
struct CheckedTopicTree {
  private var tree = TopicTree<Int>()
  private var ordered = OrderedTopicTree<Int>()
  private var model: [[UInt8]: Int] = [:]

  var paths: [[UInt8]] { Array(model.keys) }

  /// Sets the value at a path, or removes it.
  mutating func set(_ value: Int?, at path: [UInt8]) {
    tree.update(TopicTree<Int>.levels(of: path)) { $0 = value }
    ordered.update(TopicTree<Int>.levels(of: path)) { $0 = value }
    model[path] = value
  }

  func checkExact() throws(FuzzFinding) {
    try expect(tree.isEmpty == model.isEmpty, "the tree says that it is empty, or is not: \(model)")
    try expect(ordered.isEmpty == model.isEmpty, "the ordered tree says that it is empty, or is not: \(model)")
    for (path, value) in model {
      let levels = TopicTree<Int>.levels(of: path)
      for found in [tree.value(at: levels), ordered.value(at: levels)] {
        try expect(found == value, "\(text(path)) holds \(String(describing: found)), not \(value)")
      }
    }
  }

  func checkFilters(matching topic: [UInt8]) throws(FuzzFinding) {
    var found: [Int] = []
    tree.forEachFilter(matching: TopicTree<Int>.levels(of: topic)) { found.append($0) }
    var expected: [Int] = []
    for (filter, value) in model where try matches(filter, topic) { expected.append(value) }
    try expect(
      found.sorted() == expected.sorted(),
      "\(text(topic)) goes to \(found), not \(expected), of \(model.map { (text($0), $1) })")
  }

  /// With so many steps of a walk at a time; 0 for all at once.
  func checkTopics(matching filter: [UInt8], steps most: Int) throws(FuzzFinding) {
    var found: [Int] = []
    var walk = TopicWalk(filter: TopicTree<Int>.levels(of: filter))
    search: while true {
      var steps = most == 0 ? Int.max : most
      switch ordered.next(&walk, steps: &steps) {
      case .found(let value): found.append(value)
      case .outOfSteps: continue
      case .ended: break search
      }
    }
    var expected: [Int] = []
    for (topic, value) in model where try matches(filter, topic) { expected.append(value) }
    try expect(
      found.sorted() == expected.sorted(),
      "\(text(filter)) brings \(found), not \(expected), of \(model.map { (text($0), $1) })")
  }

  /// What two plain matchers say, who must agree.
  private func matches(_ filter: [UInt8], _ topic: [UInt8]) throws(FuzzFinding) -> Bool {
    let plain = PlainMatcher.matches(filter: filter, topic: topic)
    try expect(
      TopicFilter.matches(filter: filter, topic: topic) == plain,
      "TopicFilter.matches says \(!plain) of \(text(filter)) and \(text(topic))")
    return plain
  }

  private func text(_ path: [UInt8]) -> String { String(decoding: path, as: UTF8.self) }
}
