import DeviceAgentKit
import Testing

@Suite("Waiting between attempts")
struct BackoffTests {
  @Test("Every wait is within its bound, which doubles up to the maximum")
  func bounds() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<200 {
      var backoff = Backoff(base: .milliseconds(500), maximum: .seconds(30))
      for attempt in 0..<40 {
        let delay = backoff.nextDelay(using: &random)
        let bound = min(Duration.seconds(30), .milliseconds(500) * (1 << min(attempt, 10)))
        #expect(delay >= .zero && delay <= bound, "attempt \(attempt)")
      }
    }
  }

  @Test("Full jitter: waits are spread over the whole of the bound")
  func spread() {
    var random = SplitMix64(seed: 4)
    var quarters = [0, 0, 0, 0]
    for _ in 0..<4000 {
      var backoff = Backoff(base: .seconds(4), maximum: .seconds(4))
      let seconds = backoff.nextDelay(using: &random).wholeMilliseconds / 1000
      quarters[min(Int(seconds), 3)] += 1
    }
    #expect(quarters.allSatisfy { (900...1100).contains($0) }, "\(quarters)")
  }

  @Test("A seed decides the sequence, and a success begins anew")
  func seeded() {
    func sequence(_ seed: UInt64) -> [Duration] {
      var random = SplitMix64(seed: seed)
      var backoff = Backoff()
      return (0..<10).map { _ in backoff.nextDelay(using: &random) }
    }
    #expect(sequence(5) == sequence(5))
    #expect(sequence(5) != sequence(6))
    var backoff = Backoff()
    var random = SplitMix64(seed: 9)
    for _ in 0..<10 { _ = backoff.nextDelay(using: &random) }
    backoff.reset()
    #expect(backoff.failures == 0)
    #expect(backoff.nextDelay(using: &random) <= .milliseconds(500))
  }
}
