/// When each message of a fleet is meant to leave: evenly spread over time and in turn over the connections.
///
/// The schedule is open loop. It does not wait for the hub, so a message that leaves late is measured from the moment
/// it was meant to leave, and a hub that stalls shows in the latency instead of hiding behind fewer messages.
struct SendSchedule: Sendable {
  /// Nanoseconds of the monotonic clock at which the first message is due.
  let start: Int64
  /// Nanoseconds between two messages of the whole fleet.
  let interval: Double
  let connections: Int

  init(start: Int64, messagesPerSecond: Double, connections: Int) {
    self.start = start
    self.interval = 1e9 / messagesPerSecond
    self.connections = connections
  }

  /// When message `message` (from 0) of connection `connection` is due.
  @inline(__always)
  func dueTime(message: Int, connection: Int) -> Int64 {
    start &+ Int64((Double(message &* connections &+ connection) * interval).rounded(.down))
  }

  /// How many of `total` messages fall to `connection` when all take turns.
  static func share(of total: Int, connection: Int, connections: Int) -> Int {
    total / connections + (connection < total % connections ? 1 : 0)
  }
}
