import Durability
import MQTTBroker
import MQTTTestSupport
import Synchronization

/// What a disk has of the broker: the rows that committed transactions made.
final class SimulatedDatabase: Sendable {
  private struct Rows: ~Copyable {
    var state = RestoredState()
    var folder = BrokerChangeFolder()
  }

  private let rows = Mutex(Rows())

  var state: RestoredState { rows.withLock { $0.state } }

  /// Takes the commits of a queue from now on: each is one transaction.
  func follow(_ queue: ManualCommitQueue) {
    rows.withLock { $0.folder = BrokerChangeFolder(resuming: $0.state) }
    queue.onCommit { [self] records in commit(records) }
  }

  private func commit(_ records: [CommitRecord]) {
    rows.withLock { rows in
      for record in records {
        if case .broker(let changes) = record, let changes = changes as? BrokerChanges { rows.folder.fold(changes) }
      }
      for operation in rows.folder.takeOperations() { rows.state.apply(operation) }
    }
  }
}
