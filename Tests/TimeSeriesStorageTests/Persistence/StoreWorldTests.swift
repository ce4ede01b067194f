import Testing
import TimeSeriesTestSupport

/// The store, over an archive or alone, against plain dictionaries: appends, evictions, checkpoints, retention and crashes
/// in any order. `scripts/fuzz` looks for worse orders.
@Suite struct StoreWorldTests {
  @Test(arguments: 0..<40)
  func holdsWhatADictionaryHolds(_ block: Int) throws {
    for seed in UInt64(block * 2)..<UInt64(block * 2 + 2) {
      var random = SeededGenerator(seed: seed)
      var world = try StoreWorld(seed: random.next())
      for step in 0..<40 {
        let choice = UInt8.random(in: 0...255, using: &random)
        let problem = try world.step(choice, seed: random.next())
        #expect(problem == nil, "seed \(seed), step \(step), choice \(choice % 16)")
        if problem != nil { return }
      }
      #expect(try world.finalProblem() == nil, "seed \(seed)")
    }
  }
}
