import Synchronization

/// Whether an event loop was asked to look into its mailbox; nobody looks unasked.
final class WakeFlag: Sendable {
  private let isRaised = Atomic<Bool>(false)

  func raise() { isRaised.store(true, ordering: .releasing) }

  /// Whether it was raised since the last time.
  func take() -> Bool { isRaised.exchange(false, ordering: .acquiring) }
}
