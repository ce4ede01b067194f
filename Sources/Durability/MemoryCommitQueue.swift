import Synchronization

/// A commit queue that keeps nothing and so commits at once: for tests, and for a hub without a disk.
package final class MemoryCommitQueue: CommitQueue {
  private let last = Atomic<UInt64>(0)

  package init() {}

  package func append(_ record: CommitRecord, urgency: CommitUrgency, wakes: Bool) -> CommitSequence {
    CommitSequence(rawValue: last.add(1, ordering: .acquiringAndReleasing).newValue)
  }

  /// Never: nothing waits.
  package var isFull: Bool { false }

  package var committed: CommitSequence { CommitSequence(rawValue: last.load(ordering: .acquiring)) }

  /// Never calls: what is appended is committed before `append` returns, so nobody waits.
  package func observeCommits(_ observer: @escaping @Sendable (CommitSequence) -> Void) {}
}
