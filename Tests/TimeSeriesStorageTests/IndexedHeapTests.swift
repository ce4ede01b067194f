import Testing
import TimeSeriesTestSupport

@testable import TimeSeriesStorage

@Suite struct IndexedHeapTests {
  @Test func knowsTheLeastAsADictionaryDoes() {
    var random = SeededGenerator(seed: 9)
    var heap = IndexedHeap()
    var model: [Int: Int64] = [:]
    for _ in 0..<20_000 {
      let item = Int.random(in: 0..<60, using: &random)
      let key: Int64? = Int.random(in: 0..<4, using: &random) == 0 ? nil : .random(in: -100...100, using: &random)
      heap.set(item, key: key)
      model[item] = key
      #expect(heap.first?.key == model.values.min())
      if let first = heap.first { #expect(model[first.item] == first.key) }
    }
  }
}
