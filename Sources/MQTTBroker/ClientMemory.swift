import Synchronization

/// Bytes that clients make the hub hold, of each kind for all clients together, so that ten thousand of them within
/// their own limits cannot exhaust the machine.
package final class ClientMemory: Sendable {
  private let queues = Atomic<Int>(0)
  private let outputs = Atomic<Int>(0)
  private let inputs = Atomic<Int>(0)
  private let states = Atomic<Int>(0)
  private let limits: BrokerLimits

  init(limits: BrokerLimits) { self.limits = limits }

  /// Messages waiting behind in-flight windows.
  package var queuedBytes: Int { queues.load(ordering: .relaxed) }
  /// Output that sockets do not take yet.
  package var unsentBytes: Int { outputs.load(ordering: .relaxed) }
  /// Packets of which only a part has come.
  package var unreadBytes: Int { inputs.load(ordering: .relaxed) }
  /// Subscriptions and wills.
  package var stateBytes: Int { states.load(ordering: .relaxed) }

  func queuesChanged(by change: Int) { queues.add(change, ordering: .relaxed) }
  package func outputChanged(by change: Int) { outputs.add(change, ordering: .relaxed) }
  package func inputChanged(by change: Int) { inputs.add(change, ordering: .relaxed) }
  func stateChanged(by change: Int) { states.add(change, ordering: .relaxed) }

  /// Whether what waits for slow clients, with `more` bytes, exceeds `totalOutputBytes`.
  func isOutputFull(with more: Int = 0) -> Bool { queuedBytes + unsentBytes + more > limits.totalOutputBytes }

  /// Whether half packets exceed `totalInputBytes`.
  package var isInputFull: Bool { unreadBytes > limits.totalInputBytes }

  /// Whether subscriptions and wills, with `more` bytes, exceed `totalStateBytes`.
  func isStateFull(with more: Int) -> Bool { stateBytes + more > limits.totalStateBytes }
}
