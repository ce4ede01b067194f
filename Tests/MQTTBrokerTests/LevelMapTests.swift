import MQTTProtocol
import Testing

@testable import MQTTBroker

@Suite struct LevelMapTests {
  private func level(_ number: Int) -> TopicLevel { TopicLevel(String(number, radix: 36).utf8) }

  private func elements(_ map: LevelMap<Int>, after level: TopicLevel? = nil) -> [(TopicLevel, Int)] {
    var found: [(TopicLevel, Int)] = []
    var position = map.position(after: level)
    while let element = map[position] {
      found.append((element.level, element.value))
      position = map.position(after: position)
    }
    return found
  }

  private func precedes(_ left: TopicLevel, _ right: TopicLevel) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }

  /// The map against a dictionary: it grows, changes and shrinks through many runs.
  @Test(arguments: 0..<5) func isWhatADictionaryIsInOrder(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var map = LevelMap<Int>()
    var model: [TopicLevel: Int] = [:]
    for (size, removes) in [(3_000, 0.1), (3_000, 0.9), (40, 0.5)] {
      for step in 1..<4_000 {
        let level = level(Int.random(in: 0..<size, using: &random))
        let isRemoved = Double.random(in: 0..<1, using: &random) < removes
        var former = 0
        map.update(level, initial: 0) { value in
          former = value
          value = step
          return !isRemoved
        }
        if former != model[level] ?? 0 { Issue.record("\(level) held \(former)") }
        model[level] = isRemoved ? nil : step
      }
      let expected = model.sorted { precedes($0.key, $1.key) }
      let found = elements(map)
      #expect(found.map(\.0) == expected.map(\.key) && found.map(\.1) == expected.map(\.value))
      #expect(model.allSatisfy { map[$0.key] == $0.value })
      #expect(map.isEmpty == model.isEmpty)
      for _ in 0..<5 {
        let place = level(Int.random(in: 0..<3_000, using: &random))
        #expect(elements(map, after: place).map(\.0) == expected.map(\.key).filter { precedes(place, $0) })
      }
    }
  }

  @Test func littleIsKeptInFewRuns() {
    var map = LevelMap<Int>()
    let levels = (0..<10_000).map(level)
    for level in levels { map.update(level, initial: 0) { _ in true } }
    for (place, level) in levels.enumerated() where place % 200 != 0 { map.update(level, initial: 0) { _ in false } }
    #expect(elements(map).count == 50)
    #expect(map.runCount <= 2)
  }

  @Test func aChangeLeavesTheOldMapAsItWas() {
    var map = LevelMap<Int>()
    for number in 0..<300 { map.update(level(number), initial: number) { _ in true } }
    let old = map
    for number in 0..<300 { map.update(level(number), initial: 0) { _ in false } }
    #expect(map.isEmpty)
    #expect(elements(old).count == 300)
  }
}

@Suite struct OrderedTopicTreeTests {
  /// Topics that stay are found once, whatever comes and goes between the pieces of a walk.
  @Test(arguments: 0..<20) func aWalkGoesOnInAChangedTree(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var tree = OrderedTopicTree<String>()
    func change(_ name: String, _ value: String?) {
      tree.update(SubscriptionTree.levels(of: name.utf8)) { $0 = value }
    }
    func name(_ random: inout SeededGenerator) -> String {
      (0..<Int.random(in: 1...4, using: &random)).map { _ in ["a", "b", "c", "$d", ""].randomElement(using: &random)! }
        .joined(separator: "/")
    }
    let names = Set((0..<150).map { _ in name(&random) })
    let staying = names.filter { _ in Bool.random(using: &random) }
    let passing = names.subtracting(staying).sorted()
    for name in names { change(name, name) }
    for filter in ["#", "+/#", "a/#", "+/+", "a/+/c", "+/b/#"] {
      var walk = TopicWalk(filter: SubscriptionTree.levels(of: filter.utf8))
      var found: [String] = []
      search: while true {
        var steps = Int.random(in: 1...5, using: &random)
        switch tree.next(&walk, steps: &steps) {
        case .found(let value): found.append(value)
        case .outOfSteps: break
        case .ended: break search
        }
        let name = passing.randomElement(using: &random)!
        change(name, Bool.random(using: &random) ? name : nil)
      }
      #expect(Set(found).count == found.count, "\(filter)")
      let matching = staying.filter { TopicFilter.matches(filter: filter, topic: $0) && !$0.isEmpty }
      #expect(matching.subtracting(found).isEmpty, "\(filter)")
    }
  }
}
