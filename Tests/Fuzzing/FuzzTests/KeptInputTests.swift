import FuzzTargets
import Testing

/// What fuzzing found stays found: every kept input, without libFuzzer.
@Suite struct KeptInputTests {
  @Test(arguments: FuzzTarget.all)
  func everySeedHolds(_ target: FuzzTarget) {
    let seeds = KeptInput.seeds.filter { $0.target.name == target.name }
    // Without them the others say little.
    #expect(seeds.count >= 10)
    for seed in seeds { expectHolds(seed) }
  }

  @Test(arguments: FuzzTarget.all)
  func everyCaseHolds(_ target: FuzzTarget) {
    for kept in KeptInput.cases where kept.target.name == target.name { expectHolds(kept) }
  }

  private func expectHolds(_ input: KeptInput) {
    do throws(FuzzFinding) {
      try input.target.check(input.bytes)
    } catch {
      Issue.record("\(input.path): \(error)")
    }
  }
}

extension FuzzTarget: CustomTestStringConvertible {
  package var testDescription: String { name }
}
