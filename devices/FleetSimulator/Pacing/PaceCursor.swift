/// Walks through the due times of the connections of one event loop, in order.
struct PaceCursor {
  private let schedule: SendSchedule
  /// The fleet-wide numbers of this loop's connections, ascending.
  private let connections: [Int]
  private var round = 0
  private(set) var position = 0

  /// - Parameter connections: At least one, ascending.
  init(schedule: SendSchedule, connections: [Int]) {
    self.schedule = schedule
    self.connections = connections
  }

  /// When the next message is due.
  var nextDueTime: Int64 { schedule.dueTime(message: round, connection: connections[position]) }

  /// The position (an index into the loop's connections) of a message that is due at `now`; `nil` where none is.
  mutating func popDue(at now: Int64) -> Int? {
    guard nextDueTime <= now else { return nil }
    let due = position
    position += 1
    if position == connections.count {
      position = 0
      round += 1
    }
    return due
  }
}
