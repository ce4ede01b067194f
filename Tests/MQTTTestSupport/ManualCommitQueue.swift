package import Durability
import Synchronization

/// A commit queue whose commits its owner decides. Keeps what is not committed.
package final class ManualCommitQueue: CommitQueue {
  private struct State {
    var isFull = false
    var records: [CommitRecord] = []
    var onCommit: (@Sendable ([CommitRecord]) -> Void)?
    var last: UInt64 = 0
    var committed: UInt64 = 0
    var observers: [@Sendable (CommitSequence) -> Void] = []
  }

  private let state = Mutex(State())

  package init() {}

  package func append(_ record: CommitRecord, urgency: CommitUrgency, wakes: Bool) -> CommitSequence {
    state.withLock {
      $0.last += 1
      $0.records.append(record)
      return CommitSequence(rawValue: $0.last)
    }
  }

  /// As its owner says.
  package var isFull: Bool {
    get { state.withLock { $0.isFull } }
    set { state.withLock { $0.isFull = newValue } }
  }

  /// Calls `observer` with the records of each commit, before it is announced.
  package func onCommit(_ observer: @escaping @Sendable ([CommitRecord]) -> Void) {
    state.withLock { $0.onCommit = observer }
  }

  package var committed: CommitSequence { CommitSequence(rawValue: state.withLock { $0.committed }) }

  /// Records not committed yet.
  package var waiting: Int { state.withLock { Int($0.last - $0.committed) } }

  package func observeCommits(_ observer: @escaping @Sendable (CommitSequence) -> Void) {
    state.withLock { $0.observers.append(observer) }
  }

  /// Commits the next `count` records, or as many as there are.
  package func commit(_ count: Int = .max) {
    let (observers, committed, records, onCommit) = state.withLock { state in
      let taken = min(UInt64(count), state.last - state.committed)
      state.committed += taken
      let records = Array(state.records.prefix(Int(taken)))
      state.records.removeFirst(Int(taken))
      return (state.observers, CommitSequence(rawValue: state.committed), records, state.onCommit)
    }
    onCommit?(records)
    for observer in observers { observer(committed) }
  }
}
