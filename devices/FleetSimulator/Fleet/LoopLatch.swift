import Synchronization

/// Opens once as many event loops have arrived as it was armed for, and wakes the main thread then.
final class LoopLatch: Sendable {
  private let missing = Atomic<Int>(0)

  func arm(_ count: Int) { missing.store(count, ordering: .releasing) }

  var isOpen: Bool { missing.load(ordering: .acquiring) <= 0 }

  func arrive() {
    if missing.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { ProcessSignals.notify() }
  }
}
