import Synchronization

/// Follows one message of the hub to the connections that count, and says once how it went.
///
/// A message may go to several of them, on several event loops: `notDelivered` is only said when the last of them has
/// failed before a byte was written, because whatever left the hub may have arrived.
package final class DeliveryReceipt: Sendable {
  /// Which subscribers count.
  package enum Addressee: Sendable {
    /// Those that subscribed to the topic itself, without wildcards.
    case exactSubscribers
    /// One connection.
    case connection(SubscriberID)
  }

  package enum Outcome: Sendable {
    /// The peer acknowledged it.
    case delivered
    /// Nothing of it left the hub.
    case notDelivered
  }

  package let addressee: Addressee
  /// What the message hands over, e.g. identifiers of commands.
  package let subjects: [String]

  private struct State {
    var open = 0
    var isSealed = false
    var hasLeft = false
    var isSettled = false
  }

  private let state = Mutex(State())
  private let report: @Sendable (Outcome, [String]) -> Void

  package init(
    addressee: Addressee, subjects: [String], report: @escaping @Sendable (Outcome, _ subjects: [String]) -> Void
  ) {
    self.addressee = addressee
    self.subjects = subjects
    self.report = report
  }

  /// One more connection is to get the message.
  func willTry() { state.withLock { $0.open += 1 } }

  /// No further connection will be tried.
  func seal() { settle { $0.isSealed = true } }

  /// The message was written to a connection.
  func hasLeft() {
    settle {
      $0.hasLeft = true
      $0.open -= 1
    }
  }

  /// A connection ended before the message was written to it.
  func couldNotLeave() { settle { $0.open -= 1 } }

  /// The peer acknowledged the message.
  func wasAcknowledged() {
    let isFirst = state.withLock { state in
      defer { state.isSettled = true }
      return !state.isSettled
    }
    if isFirst { report(.delivered, subjects) }
  }

  private func settle(_ change: (inout State) -> Void) {
    let hasFailed = state.withLock { state in
      change(&state)
      guard state.isSealed, state.open == 0, !state.hasLeft, !state.isSettled else { return false }
      state.isSettled = true
      return true
    }
    if hasFailed { report(.notDelivered, subjects) }
  }
}
