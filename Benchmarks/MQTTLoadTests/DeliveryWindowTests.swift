import Testing

@testable import MQTTLoad

@Suite struct DeliveryWindowTests {
  @Test(
    "Publishers are never further ahead of the slowest than the window, and never stuck",
    arguments: [(1, 1), (3, 2), (4, 1), (7, 5), (100, 10), (500, 3)])
  func bounds(size: Int, subscribers: Int) {
    var window = DeliveryWindow(window: size, subscribers: subscribers)
    var published = 0
    var delivered = Array(repeating: 0, count: subscribers)
    var generator = SeededGenerator(state: UInt64(size * 1000 + subscribers))
    for _ in 0..<20_000 {
      let slowest = delivered.min() ?? 0
      let allowance = window.allowance
      #expect(allowance >= 0)
      #expect(published + allowance - slowest <= size)
      if slowest == published { #expect(allowance > 0) }
      if allowance > 0, Bool.random(using: &generator) {
        let count = Int.random(in: 1...allowance, using: &generator)
        window.publish(count)
        published += count
      } else {
        let who = Int.random(in: 0..<subscribers, using: &generator)
        let before = delivered[who] / window.batch
        delivered[who] += Int.random(in: 0...(published - delivered[who]), using: &generator)
        for batch in before..<(delivered[who] / window.batch) { _ = window.subscriberFinished(batch: batch) }
      }
    }
    #expect(published > size)
  }

  @Test("Without subscribers there is no bound")
  func unbounded() {
    var window = DeliveryWindow(window: 10, subscribers: 0)
    window.publish(1_000_000)
    let allowance = window.allowance
    #expect(allowance == .max)
  }
}
