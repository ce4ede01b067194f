import MQTTBroker
import Synchronization

/// Who comes in by one listener: its connections of all event loops are counted, and the rate at which they come.
final class ListenerGate: Sendable {
  let limits: ListenerLimits
  private let connections = Atomic<Int>(0)
  private let rate: Mutex<RateLimiter?>

  /// Connections beyond the maximum that are open at once, to be told so in their CONNACK. More: closed unheard.
  static let maximumSurplus = 256

  init(limits: ListenerLimits, at now: Int64) {
    self.limits = limits
    rate = Mutex(limits.connectionRate.map { RateLimiter(rate: $0, at: now) })
  }

  /// Whether a further connection would not even be told why it is refused.
  var isOverfull: Bool {
    connections.load(ordering: .relaxed) >= limits.maximumConnections + Self.maximumSurplus
  }

  /// Counts a connection; true where it is beyond the maximum.
  func connectionOpened() -> Bool {
    connections.add(1, ordering: .relaxed).newValue > limits.maximumConnections
  }

  func connectionClosed() { connections.subtract(1, ordering: .relaxed) }

  /// Milliseconds until the next connection may be accepted; 0 for now.
  func wait(at now: Int64) -> Int64 { rate.withLock { $0?.wait(at: now) ?? 0 } }

  func accepted(at now: Int64) { rate.withLock { $0?.take(1, at: now) } }
}
