import Glibc
import MQTTSimulation
import Testing

/// A seed is a world: run twice, the same things happen.
@Suite struct ReplayTests {
  /// The standard library orders dictionaries by chance unless it is told not to (SWIFT_DETERMINISTIC_HASHING=1).
  static let isHashingDeterministic = getenv("SWIFT_DETERMINISTIC_HASHING") != nil

  @Test(.enabled(if: isHashingDeterministic), arguments: [UInt64(1), 7, 43, 100]) func isExact(seed: UInt64) {
    let first = Simulation.run(seed: seed)
    let second = Simulation.run(seed: seed)
    #expect(first.digest == second.digest && first.events == second.events)
  }

  @Test func seedsDiffer() {
    #expect(Simulation.run(seed: 1).digest != Simulation.run(seed: 2).digest)
  }

  @Test func tellsWhatHappened() {
    let lines = Simulation.trace(seed: 1, last: 20)
    #expect(lines.count == 20)
  }
}
