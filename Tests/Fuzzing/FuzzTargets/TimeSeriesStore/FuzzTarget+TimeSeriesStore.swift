import TimeSeriesTestSupport

extension FuzzTarget {
  /// The input's first two bytes decide the world, each two that follow what happens to it next.
  package static let timeSeriesStore = FuzzTarget(name: "TimeSeriesStore", maximumInputBytes: 66, testedMutations: 150)
  {
    input throws(FuzzFinding) in
    var input = FuzzInput(input)
    do {
      var world = try StoreWorld(seed: UInt64(input.uint16()))
      var step = 0
      while !input.isAtEnd {
        let choice = input.byte()
        if let problem = try world.step(choice, seed: UInt64(input.byte())) {
          throw FuzzFinding("step \(step), choice \(choice % 16): \(problem)")
        }
        step += 1
      }
      if let problem = try world.finalProblem() { throw FuzzFinding("at the end: \(problem)") }
    } catch let finding as FuzzFinding {
      throw finding
    } catch {
      throw FuzzFinding("\(error)")
    }
  }
}
