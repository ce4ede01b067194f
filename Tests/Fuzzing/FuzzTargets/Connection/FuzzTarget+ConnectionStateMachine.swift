extension FuzzTarget {
  /// The input is a program: clients come and go on one or two event loops, send packets whole, torn or broken, time
  /// passes, commits are made, sockets fill. Whatever the hub writes is held against what it was given.
  package static let connectionStateMachine = FuzzTarget(name: "ConnectionStateMachine", maximumInputBytes: 1_536) {
    input throws(FuzzFinding) in
    var input = FuzzInput(input)
    let world = HubWorld(&input)
    defer { world.takeApart() }
    do throws(FuzzFinding) {
      var steps = 0
      while !input.isAtEnd, steps < 256 {
        try world.step(&input)
        steps += 1
      }
      try world.finish()
    } catch {
      throw FuzzFinding("\(error)\n\(world.history)")
    }
  }
}
