/// Counts of a whole fleet at one moment.
struct FleetCounts: Sendable {
  /// Connections that are open and accepted.
  var connected = 0
  /// Connections that never came to be.
  var failed = 0
  /// Connections that were there and ended too early.
  var dropped = 0
  var sent = 0
  var acknowledged = 0
  var refused = 0

  /// Messages that were sent and of which nobody knows what became of them.
  var lost: Int { sent - acknowledged - refused }

  static func + (left: FleetCounts, right: FleetCounts) -> FleetCounts {
    FleetCounts(
      connected: left.connected + right.connected, failed: left.failed + right.failed,
      dropped: left.dropped + right.dropped, sent: left.sent + right.sent,
      acknowledged: left.acknowledged + right.acknowledged, refused: left.refused + right.refused)
  }
}
