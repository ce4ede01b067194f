import Testing

@testable import DeviceManagement

@Suite struct DeadlineHeapTests {
  @Test func givesThemInOrder() {
    var random = SeededGenerator(seed: 99)
    var heap = DeadlineHeap()
    var model: [Int64] = []
    for _ in 0..<5_000 {
      if model.isEmpty || Int.random(in: 0..<3, using: &random) > 0 {
        let time = Int64.random(in: -50...50, using: &random)
        heap.insert(.init(time: time, id: "\(time)"))
        model.append(time)
      } else {
        model.sort()
        #expect(heap.removeEarliest()?.time == model.removeFirst())
      }
      #expect(heap.earliest?.time == model.min())
    }
    var rest = DeadlineHeap(heap.entries.shuffled(using: &random))
    for time in model.sorted() { #expect(rest.removeEarliest()?.time == time) }
    #expect(rest.removeEarliest() == nil)
  }
}
