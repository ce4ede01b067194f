import MQTTSimulation
import Testing

/// Worlds made by seeds: in each the broker keeps what MQTT promises.
@Suite struct SeedTests {
  /// A failure prints its seed: `simulate --seed N` replays it with all that happened.
  private func check(_ seeds: Range<UInt64>, _ features: SimulationFeatures = .all) {
    for seed in seeds {
      let outcome = Simulation.run(seed: seed, features: features)
      if let failure = outcome.failure { Issue.record("seed \(seed) \(failure); replay: simulate --seed \(seed)") }
    }
  }

  @Test(arguments: 0..<8) func keepPromises(part: UInt64) {
    check(1 + part * 250..<1 + (part + 1) * 250)
  }

  /// The hub dies now and then, at whatever point its commits have reached, and goes on from those.
  @Test(arguments: 0..<8) func survivesRestarts(part: UInt64) {
    check(1 + part * 250..<1 + (part + 1) * 250, .all.union(.restarts))
  }

  /// With fewer features at once a world goes deeper into each of those that are left.
  @Test(arguments: [
    SimulationFeatures.all.subtracting([.tightLimits]),
    .all.subtracting([.sessions, .willDelay]),
    .all.subtracting([.sharedSubscriptions, .tightLimits]),
    .all.subtracting([.faults]),
  ]) func keepPromisesWithLess(features: SimulationFeatures) {
    check(10_000..<10_050, features)
  }

  /// Seeds that found something once.
  @Test(arguments: KeptSeed.all) func stayMended(kept: KeptSeed) {
    let failure = Simulation.run(seed: kept.seed).failure
    #expect(failure == nil, "\(kept.finding)")
  }
}
