import Testing

@testable import MQTTServer

@Suite struct ConnectionPlacementTests {
  struct Case: Sendable {
    let connections: [Int]
    let busy: [Double]
    let expected: Int
  }

  @Test(arguments: [
    Case(connections: [0, 0], busy: [0, 0], expected: 0),
    Case(connections: [2_047, 0], busy: [0.49, 0], expected: 0),
    Case(connections: [2_048, 0], busy: [0, 0], expected: 1),
    Case(connections: [3, 0, 0], busy: [0.5, 0.9, 0.1], expected: 2),
    // All full or busy: the fewest connections.
    Case(connections: [5_000, 4_000], busy: [0, 0], expected: 1),
    Case(connections: [10, 20], busy: [0.9, 0.6], expected: 0),
    Case(connections: [7], busy: [1], expected: 0),
  ]) func fillsTheFirstWithRoom(row: Case) {
    let loads = zip(row.connections, row.busy).map { EventLoopLoad(connections: $0, busyShare: $1) }
    #expect(ConnectionPlacement.place(loads) == row.expected)
  }
}
