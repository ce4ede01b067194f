import Testing

@testable import MQTTLoad

@Suite struct ValueWalkTests {
  @Test("Values move by up to three hundredths, both ways alike, and often stay")
  func steps() {
    var walk = ValueWalk(seed: 17)
    var counts: [Int: Int] = [:]
    var before = walk.hundredths
    for _ in 0..<100_000 {
      walk.step()
      counts[walk.hundredths - before, default: 0] += 1
      before = walk.hundredths
    }
    #expect(counts.keys.sorted() == [-3, -2, -1, 0, 1, 2, 3])
    for distance in 1...3 {
      #expect((8_500...10_300).contains(counts[distance, default: 0]))
      #expect((8_500...10_300).contains(counts[-distance, default: 0]))
    }
  }

  @Test("The text is the value, five characters of it, wherever the walk has come")
  func text() {
    for seed in UInt64(0)..<200 {
      var walk = ValueWalk(seed: seed)
      for _ in 0..<500 { walk.step() }
      #expect(walk.text.utf8.count == 5)
      #expect(Double(walk.text) == Double(walk.hundredths) / 100)
    }
  }

  @Test("A walk stays within its range")
  func range() {
    for seed in UInt64(1)...20 {
      var walk = ValueWalk(seed: seed)
      for _ in 0..<200_000 {
        walk.step()
        if !ValueWalk.range.contains(walk.hundredths) {
          Issue.record("\(walk.hundredths) with seed \(seed)")
          return
        }
      }
    }
  }
}
