import Synchronization

/// What one event loop has done so far, for a look from outside while it goes on.
///
/// Each loop has its own, so that loops do not wait for each other's cache lines. Only its loop writes.
final class FleetCounters: Sendable {
  private let connected = Atomic<Int>(0)
  private let failed = Atomic<Int>(0)
  private let dropped = Atomic<Int>(0)
  private let sent = Atomic<Int>(0)
  private let acknowledged = Atomic<Int>(0)
  private let refused = Atomic<Int>(0)

  func connectionOpened() { connected.add(1, ordering: .relaxed) }

  func connectionFailed() { failed.add(1, ordering: .relaxed) }

  func connectionDropped() {
    connected.subtract(1, ordering: .relaxed)
    dropped.add(1, ordering: .relaxed)
  }

  func messagesSent(_ count: Int) { sent.add(count, ordering: .relaxed) }

  /// Messages that the hub has taken: by PUBACK at QoS 1, by PINGRESP at QoS 0.
  func messagesAcknowledged(_ count: Int) { acknowledged.add(count, ordering: .relaxed) }

  func messageRefused() { refused.add(1, ordering: .relaxed) }

  var snapshot: FleetCounts {
    FleetCounts(
      connected: connected.load(ordering: .relaxed), failed: failed.load(ordering: .relaxed),
      dropped: dropped.load(ordering: .relaxed), sent: sent.load(ordering: .relaxed),
      acknowledged: acknowledged.load(ordering: .relaxed), refused: refused.load(ordering: .relaxed))
  }
}
