import Synchronization

/// Counts publishes across event loops.
final class SinkCounter: Sendable {
  private let messages = Atomic<Int>(0)

  func add(_ count: Int) { messages.add(count, ordering: .relaxed) }

  var total: Int { messages.load(ordering: .relaxed) }
}
