import Testing

@testable import MQTTBroker
@testable import MQTTProtocol

@Suite struct TopicTreeTests {
  private static func levels(_ topic: String) -> [TopicLevel] { TopicTree<Int>.levels(of: topic.utf8) }

  /// The tree against the naive matcher, with names that are alike enough to collide.
  @Test(arguments: 0..<20) func matchesLikeTheNaiveMatcher(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let words = ["a", "b", "", "$SYS", "sport", "é", "e\u{301}"]
    func topic(_ random: inout SeededGenerator) -> String {
      (0..<Int.random(in: 1...4, using: &random)).map { _ in words.randomElement(using: &random)! }
        .joined(separator: "/")
    }
    func filter(_ random: inout SeededGenerator) -> String {
      var levels = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        Bool.random(using: &random) ? "+" : words.randomElement(using: &random)!
      }
      if Int.random(in: 0..<3, using: &random) == 0 { levels[levels.count - 1] = "#" }
      return levels.joined(separator: "/")
    }
    var filters: [[UInt8]: String] = [:]
    var subscriptions = TopicTree<[UInt8]>()
    for _ in 0..<60 {
      let text = filter(&random)
      filters[Array(text.utf8)] = text
      subscriptions.update(Self.levels(text)) { $0 = Array(text.utf8) }
    }
    // Some go again, so that pruning is tried too.
    for key in filters.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }).prefix(15) {
      subscriptions.update(Self.levels(filters[key]!)) { $0 = nil }
      filters[key] = nil
    }
    var topics = OrderedTopicTree<[UInt8]>()
    var names: Set<[UInt8]> = []
    for _ in 0..<200 {
      let name = topic(&random)
      // No topic is empty [MQTT-4.7.3-1].
      if name.isEmpty { continue }
      names.insert(Array(name.utf8))
      topics.update(Self.levels(name)) { $0 = Array(name.utf8) }

      var found: [[UInt8]] = []
      subscriptions.forEachFilter(matching: Self.levels(name)) { found.append($0) }
      let expected = filters.values.filter { TopicFilter.matches(filter: $0, topic: name) }
      #expect(Set(found) == Set(expected.map { Array($0.utf8) }), "topic \(name)")
      #expect(found.count == expected.count)
    }
    for text in filters.values {
      let expected = names.filter {
        TopicFilter.matches(filter: Array(text.utf8), topic: $0)
      }
      let inOrder = expected.map { Self.levels(String(decoding: $0, as: UTF8.self)) }
        .sorted { $0.lexicographicallyPrecedes($1) { $0.order(relativeTo: $1) < 0 } }
      // All at once, and a few steps at a time.
      for steps in [1, 3, .max] {
        #expect(topics.all(matching: Self.levels(text), steps: steps).map { TopicTree<Int>.levels(of: $0) } == inOrder)
      }
    }
  }

  @Test func aChangeLeavesTheOldTreeAsItWas() {
    var tree = TopicTree<Int>()
    tree.update(Self.levels("a/b")) { $0 = 1 }
    let old = tree
    tree.update(Self.levels("a/b")) { $0 = nil }
    #expect(tree.isEmpty)
    #expect(old.value(at: Self.levels("a/b")) == 1)
  }
}

extension OrderedTopicTree {
  /// What a filter matches, found with so many steps at a time.
  func all(matching filter: [TopicLevel], steps most: Int) -> [Value] {
    var walk = TopicWalk(filter: filter)
    var found: [Value] = []
    while true {
      var steps = most
      switch next(&walk, steps: &steps) {
      case .found(let value): found.append(value)
      case .outOfSteps: continue
      case .ended: return found
      }
    }
  }
}

/// Repeats itself for a seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
