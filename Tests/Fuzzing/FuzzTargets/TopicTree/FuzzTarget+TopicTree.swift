extension FuzzTarget {
  /// The input is a program of changes and questions to a tree of filters and a tree of topics.
  package static let topicTree = FuzzTarget(name: "TopicTree", maximumInputBytes: 512) {
    input throws(FuzzFinding) in
    var input = FuzzInput(input)
    var world = TopicTreeWorld()
    var steps = 0
    // Questions look at everything that is there: past this an input only gets slower.
    while !input.isAtEnd, steps < 96 {
      try world.step(&input)
      steps += 1
    }
    try world.finish()
  }
}
