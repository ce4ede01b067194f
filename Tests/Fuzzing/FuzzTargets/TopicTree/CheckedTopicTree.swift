import MQTTBroker
import MQTTProtocol

/// A tree and, beside it, the plain dictionary that it must agree with.
struct CheckedTopicTree {
  private var tree = TopicTree<Int>()
  private var model: [[UInt8]: Int] = [:]

  var paths: [[UInt8]] { Array(model.keys) }

  /// Sets the value at a path, or removes it.
  mutating func set(_ value: Int?, at path: [UInt8]) {
    tree.update(TopicTree<Int>.levels(of: path)) { $0 = value }
    model[path] = value
  }

  func checkExact() throws(FuzzFinding) {
    try expect(tree.isEmpty == model.isEmpty, "the tree says that it is empty, or is not: \(model)")
    for (path, value) in model {
      let found = tree.value(at: TopicTree<Int>.levels(of: path))
      try expect(found == value, "\(text(path)) holds \(String(describing: found)), not \(value)")
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

  func checkTopics(matching filter: [UInt8], stopAfter limit: Int) throws(FuzzFinding) {
    var found: [Int] = []
    tree.forEachTopic(matching: TopicTree<Int>.levels(of: filter)) {
      found.append($0)
      return found.count != limit
    }
    var expected: [Int] = []
    for (topic, value) in model where try matches(filter, topic) { expected.append(value) }
    if limit > 0, expected.count > limit {
      try expect(
        found.count == limit && Set(found).isSubset(of: expected), "\(text(filter)) brings \(found) of \(expected)")
    } else {
      try expect(
        found.sorted() == expected.sorted(),
        "\(text(filter)) brings \(found), not \(expected), of \(model.map { (text($0), $1) })")
    }
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
