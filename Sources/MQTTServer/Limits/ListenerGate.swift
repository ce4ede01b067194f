import MQTTBroker
import Synchronization

/// Who comes in by one listener: its connections of all event loops are counted, and the rate at which they come.
final class ListenerGate: Sendable {
  let limits: ListenerLimits
  private let connections = Atomic<Int>(0)
  private let clients = Atomic<Int>(0)
  private let rate: Mutex<RateLimiter?>

  /// Connections beyond the maximum that are open at once: they have not said CONNECT yet, or are told in their CONNACK
  /// that there is no place. More: closed unheard.
  static let maximumSurplus = 256

  init(limits: ListenerLimits, at now: Int64) {
    self.limits = limits
    rate = Mutex(limits.connectionRate.map { RateLimiter(rate: $0, at: now) })
  }

  /// Whether a further connection would not even be told why it is refused.
  var isOverfull: Bool {
    connections.load(ordering: .relaxed) >= limits.maximumConnections + Self.maximumSurplus
  }

  func connectionOpened() { connections.add(1, ordering: .relaxed) }

  func connectionClosed() { connections.subtract(1, ordering: .relaxed) }

  /// Gives a client that said CONNECT one of the listener's places; false where all are taken. A client that takes over
  /// from a connection of its own has that one's.
  func admit(isTakeOver: Bool) -> Bool {
    guard clients.add(1, ordering: .relaxed).newValue > limits.maximumConnections, !isTakeOver else { return true }
    clientLeft()
    return false
  }

  func clientLeft() { clients.subtract(1, ordering: .relaxed) }

  /// Milliseconds until the next connection may be accepted; 0 for now.
  func wait(at now: Int64) -> Int64 { rate.withLock { $0?.wait(at: now) ?? 0 } }

  func accepted(at now: Int64) { rate.withLock { $0?.take(1, at: now) } }
}
