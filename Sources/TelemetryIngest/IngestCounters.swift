import Synchronization

/// What all pipelines of the hub have done; each adds to it once a flush.
package final class IngestCounters: Sendable {
  private let state = Mutex(IngestTotals())

  package init() {}

  /// All of it, from one moment.
  package var totals: IngestTotals { state.withLock { $0 } }

  /// Takes what one pipeline has done since it last gave.
  func take(_ totals: inout IngestTotals) {
    let mine = totals
    totals = IngestTotals()
    state.withLock { $0.add(mine) }
  }
}
