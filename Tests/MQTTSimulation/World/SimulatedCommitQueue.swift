import Durability
import Synchronization

/// A commit queue whose commits the seed decides. Keeps counts only.
final class SimulatedCommitQueue: CommitQueue {
  private struct State {
    var last: UInt64 = 0
    var committed: UInt64 = 0
    var observers: [@Sendable (CommitSequence) -> Void] = []
  }

  private let state = Mutex(State())

  func append(_ record: CommitRecord, urgency: CommitUrgency) -> CommitSequence {
    state.withLock {
      $0.last += 1
      return CommitSequence(rawValue: $0.last)
    }
  }

  var committed: CommitSequence { CommitSequence(rawValue: state.withLock { $0.committed }) }

  /// Records not committed yet.
  var waiting: Int { state.withLock { Int($0.last - $0.committed) } }

  func observeCommits(_ observer: @escaping @Sendable (CommitSequence) -> Void) {
    state.withLock { $0.observers.append(observer) }
  }

  /// Commits the next `count` records.
  func commit(_ count: Int) {
    let (observers, committed) = state.withLock { state in
      state.committed = min(state.last, state.committed + UInt64(count))
      return (state.observers, CommitSequence(rawValue: state.committed))
    }
    for observer in observers { observer(committed) }
  }
}
