package import Durability
import Synchronization

/// A commit queue whose commits its owner decides. Keeps counts only.
package final class ManualCommitQueue: CommitQueue {
  private struct State {
    var last: UInt64 = 0
    var committed: UInt64 = 0
    var observers: [@Sendable (CommitSequence) -> Void] = []
  }

  private let state = Mutex(State())

  package init() {}

  package func append(_ record: CommitRecord, urgency: CommitUrgency) -> CommitSequence {
    state.withLock {
      $0.last += 1
      return CommitSequence(rawValue: $0.last)
    }
  }

  package var committed: CommitSequence { CommitSequence(rawValue: state.withLock { $0.committed }) }

  package var isFull: Bool { false }

  /// Records not committed yet.
  package var waiting: Int { state.withLock { Int($0.last - $0.committed) } }

  package func observeCommits(_ observer: @escaping @Sendable (CommitSequence) -> Void) {
    state.withLock { $0.observers.append(observer) }
  }

  /// Commits the next `count` records, or as many as there are.
  package func commit(_ count: Int = .max) {
    let (observers, committed) = state.withLock { state in
      state.committed += min(UInt64(count), state.last - state.committed)
      return (state.observers, CommitSequence(rawValue: state.committed))
    }
    for observer in observers { observer(committed) }
  }
}
