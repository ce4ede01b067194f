/// One run of the simulated world.
package enum Simulation {
  package struct Outcome: Sendable {
    package let seed: UInt64
    package let failure: SimulationFailure?
    package let events: Int
    package let messages: Int
    /// The same for two runs exactly when the same things happened in both.
    package let digest: UInt64
  }

  /// Runs one seed.
  ///
  /// - Parameter tracer: gets a line for everything that happens.
  package static func run(
    seed: UInt64, features: SimulationFeatures = .all, sabotage: Sabotage = .none, tracer: ((String) -> Void)? = nil
  ) -> Outcome {
    var random = SimulationRandom(seed: seed)
    let profile = SimulationProfile(features: features, random: &random)
    let world = SimulatedWorld(profile: profile, random: random, sabotage: sabotage, tracer: tracer)
    world.run()
    return Outcome(
      seed: seed, failure: world.model.failure, events: world.events, messages: world.model.messages.count,
      digest: world.digest)
  }

  /// Runs a seed again and keeps the last lines of what happened.
  package static func trace(
    seed: UInt64, features: SimulationFeatures = .all, sabotage: Sabotage = .none, last count: Int
  ) -> [String] {
    var lines: [String] = []
    _ = run(seed: seed, features: features, sabotage: sabotage) { line in
      lines.append(line)
      if lines.count > 4 * count + 100 { lines.removeFirst(lines.count - count) }
    }
    return Array(lines.suffix(count))
  }
}
