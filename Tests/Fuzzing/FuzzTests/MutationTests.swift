import FuzzTargets
import Testing

/// A bounded number of inputs that nobody has seen, the same each time.
@Suite struct MutationTests {
  @Test(arguments: FuzzTarget.all)
  func changedSeedsHold(_ target: FuzzTarget) {
    let corpus = (KeptInput.seeds + KeptInput.cases).filter { $0.target.name == target.name }.map(\.bytes)
    var mutator = InputMutator(seed: 0xF0_2211, corpus: corpus)
    for round in 0..<2_000 {
      let input = mutator.next(maximumBytes: target.maximumInputBytes)
      do throws(FuzzFinding) {
        try target.check(input)
      } catch {
        Issue.record("round \(round): \(error)\n\(input)")
        return
      }
    }
  }

  @Test(arguments: FuzzTarget.all)
  func emptyInputHolds(_ target: FuzzTarget) throws { try target.check([]) }
}
