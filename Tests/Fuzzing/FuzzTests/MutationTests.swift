import FuzzTargets
import Testing

/// A bounded number of inputs that nobody has seen, the same each time.
@Suite struct MutationTests {
  @Test(arguments: FuzzTarget.all)
  func changedSeedsHold(_ target: FuzzTarget) throws {
    let corpus = (KeptInput.seeds + KeptInput.cases).filter { $0.target.name == target.name }.map(\.bytes)
    try #require(!corpus.isEmpty)
    var mutator = InputMutator(seed: 0xF0_2211, corpus: corpus)
    var seen = Set(corpus)
    let rounds = target.testedMutations
    for round in 0..<rounds {
      let input = mutator.next(maximumBytes: target.maximumInputBytes)
      seen.insert(input)
      do throws(FuzzFinding) {
        try target.check(input)
      } catch {
        Issue.record("round \(round): \(error)\n\(input)")
        return
      }
    }
    // Else it was the corpus again, and nothing that `KeptInputTests` does not try.
    #expect(seen.count - corpus.count > rounds / 2, "most inputs are new")
  }

  @Test(arguments: FuzzTarget.all)
  func emptyInputHolds(_ target: FuzzTarget) throws { try target.check([]) }
}
