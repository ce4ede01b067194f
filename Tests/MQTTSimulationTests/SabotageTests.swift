import MQTTSimulation
import Testing

/// A model that never objects proves nothing: each way of being wrong must be found out.
@Suite struct SabotageTests {
  @Test(arguments: Sabotage.allCases.filter { $0 != .none }) func isFoundOut(sabotage: Sabotage) {
    let found = (UInt64(1)...12).count { Simulation.run(seed: $0, sabotage: sabotage).failure != nil }
    #expect(found >= 2, "\(sabotage) passed in all but \(found) of 12 worlds")
  }
}
