import Synchronization

/// How often something that must happen once has happened.
final class CallCounter: Sendable {
  private let calls = Atomic<Int>(0)

  func call() { calls.add(1, ordering: .relaxed) }

  var count: Int { calls.load(ordering: .relaxed) }
}
