import Testing

@testable import MQTTServer

@Suite struct RateLimiterTests {
  enum Step: Sendable {
    case take(Int)
    case pass(Int64)
    /// What `wait` must say.
    case expect(Int64)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rate: Int
    let steps: [Step]
  }

  @Test(arguments: [
    Case(
      testDescription: "a second's worth at once", rate: 3,
      steps: [
        .take(1), .take(1), .expect(0), .take(1), .expect(334), .pass(333), .expect(1), .pass(1), .expect(0),
      ]),
    Case(
      testDescription: "no more gathers than a second brings", rate: 2,
      steps: [
        .pass(60_000), .take(2), .expect(500),
      ]),
    Case(
      testDescription: "who takes more than is there waits longer", rate: 10,
      steps: [
        .take(30), .expect(2_100), .pass(2_099), .expect(1), .pass(1), .expect(0),
      ]),
    Case(
      testDescription: "a packet larger than a second's worth passes", rate: 1_000,
      steps: [
        .expect(0), .take(256_000), .expect(255_001), .pass(255_001), .expect(0),
      ]),
    Case(testDescription: "below one counts as one", rate: 0, steps: [.take(1), .expect(1_000)]),
    Case(testDescription: "nothing is taken", rate: 5, steps: [.take(0), .take(-7), .take(5), .expect(200)]),
    Case(
      testDescription: "the largest numbers", rate: .max,
      steps: [
        .take(.max), .take(.max), .pass(2_000), .expect(0), .pass(.max / 2), .expect(0),
      ]),
    Case(
      testDescription: "an endless debt is bounded", rate: 1,
      steps: [
        .take(.max), .take(.max), .pass(.max / 2), .expect(0),
      ]),
    Case(
      testDescription: "a clock that goes back brings nothing", rate: 4,
      steps: [
        .take(4), .pass(-5_000), .expect(250), .pass(5_250), .expect(0),
      ]),
  ]) func waits(row: Case) {
    var limiter = RateLimiter(rate: row.rate, at: 0)
    var now: Int64 = 0
    for (index, step) in row.steps.enumerated() {
      switch step {
      case .take(let count): limiter.take(count, at: now)
      case .pass(let time): now += time
      case .expect(let wait): #expect(limiter.wait(at: now) == wait, "step \(index)")
      }
    }
  }

  /// Over a long time no more is taken than the rate allows, and a taker that always wants gets all of it.
  @Test(arguments: [1, 7, 100, 999, 50_000]) func holdsOnAverage(rate: Int) {
    var generator = SplitMix(state: UInt64(rate))
    var limiter = RateLimiter(rate: rate, at: 0)
    var now: Int64 = 0
    var taken = 0
    let duration: Int64 = 100_000
    while now < duration {
      let wait = limiter.wait(at: now)
      if wait == 0 {
        let count = Int(generator.next() % 3) + 1
        limiter.take(count, at: now)
        taken += count
      } else {
        now += wait
      }
    }
    let allowed = rate * Int(duration) / 1_000 + rate
    #expect(taken <= allowed + 3)
    #expect(taken >= allowed - rate / 1_000 - 3)
  }
}
