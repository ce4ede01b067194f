import Testing

/// What the broker counts, against a recount after random operations.
@Suite struct AccountingTests {
  @Test(arguments: 0..<8) func everyTotalIsWhatARecountSays(part: UInt64) {
    for seed in part * 25..<(part + 1) * 25 {
      if let problem = AccountedWorld(seed: seed).run(steps: 300) { Issue.record("seed \(seed), \(problem)") }
    }
  }
}
