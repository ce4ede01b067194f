import ArgumentParser
import Glibc
import MQTTSimulation

/// Runs simulated worlds by their seeds.
@main
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Drives a broker core with simulated clients, network, disk and time, and checks what MQTT promises.",
    discussion: """
      Each seed makes one world. A failing seed prints what was expected by which clause, and how to replay it.
      Runs are exact only with the standard library's hashing made deterministic, so the command starts itself again \
      with SWIFT_DETERMINISTIC_HASHING=1.
      """)

  @Option(help: "One seed, replayed with the last events before its failure.")
  var seed: UInt64?

  @Option(help: "Seeds from one to another: 1000..<5000.")
  var seeds: SeedRange = SeedRange(range: 1..<1001)

  @Flag(help: "End at the first seed that fails.")
  var firstFailure = false

  @Flag(help: "Print everything that happens in the world of --seed.")
  var trace = false

  @Option(help: "How many lines of a failing seed's trace to print.")
  var lines = 60

  @Option(
    help: ArgumentHelp(
      "A feature to leave out: \(SimulationFeatures.named.map(\.name).joined(separator: ", ")); may be repeated.",
      valueName: "feature"))
  var without: [String] = []

  @Option(
    help:
      "How to break the broker, to see that it is found out: \(Sabotage.allCases.map(\.rawValue).joined(separator: ", "))."
  )
  var sabotage: Sabotage = .none

  @Flag(help: "Kill the hub now and then; it goes on from what was committed.")
  var restarts = false

  func run() throws {
    DeterministicHashing.ensure()
    let features = try chosenFeatures()
    if let seed {
      if !run(seed, features, printsTrace: true) { throw ExitCode.failure }
    } else if try !runAll(features) {
      throw ExitCode.failure
    }
  }

  private func chosenFeatures() throws -> SimulationFeatures {
    var features = SimulationFeatures.all
    if restarts { features.insert(.restarts) }
    for name in without {
      guard let found = SimulationFeatures.named.first(where: { $0.name == name }) else {
        throw ValidationError("no feature \(name)")
      }
      features.remove(found.feature)
    }
    return features
  }

  private func runAll(_ features: SimulationFeatures) throws -> Bool {
    var failures = 0
    var events = 0
    var messages = 0
    var progress = Progress(total: seeds.range.count)
    for seed in seeds.range {
      let outcome = Simulation.run(seed: seed, features: features, sabotage: sabotage)
      events += outcome.events
      messages += outcome.messages
      if outcome.failure != nil {
        failures += 1
        _ = run(seed, features, printsTrace: firstFailure)
        if firstFailure { break }
      }
      progress.advance(failures: failures)
    }
    progress.finish()
    print("\(progress.done) seeds, \(events) events, \(messages) messages, \(failures) failures")
    return failures == 0
  }

  /// Runs one seed and tells of it; false where it fails.
  private func run(_ seed: UInt64, _ features: SimulationFeatures, printsTrace: Bool) -> Bool {
    if trace {
      let outcome = Simulation.run(seed: seed, features: features, sabotage: sabotage) { print($0) }
      tell(outcome)
      return outcome.failure == nil
    }
    let outcome = Simulation.run(seed: seed, features: features, sabotage: sabotage)
    if outcome.failure != nil, printsTrace {
      for line in Simulation.trace(seed: seed, features: features, sabotage: sabotage, last: lines) { print(line) }
    }
    tell(outcome)
    return outcome.failure == nil
  }

  private func tell(_ outcome: Simulation.Outcome) {
    guard let failure = outcome.failure else {
      print("seed \(outcome.seed) passes: \(outcome.events) events, \(outcome.messages) messages, \(outcome.digest)")
      return
    }
    print("seed \(outcome.seed) fails \(failure)")
    let options =
      (restarts ? " --restarts" : "") + without.map { " --without \($0)" }.joined()
      + (sabotage == .none ? "" : " --sabotage \(sabotage)")
    print("  replay: simulate --seed \(outcome.seed)\(options)")
  }
}

extension Sabotage: ExpressibleByArgument {}
