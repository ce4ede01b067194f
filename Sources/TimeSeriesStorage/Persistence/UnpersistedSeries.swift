/// One series' readings that are to be written, all in one transaction.
package struct UnpersistedSeries: Sendable {
  package var series: SeriesID
  package var device: String
  package var metric: String
  /// When its newest reading came, Unix milliseconds.
  package var received: Int64
  /// Each takes the place of every stored chunk of the series whose first time lies in its `firstTime...lastTime`. In order
  /// of time, without overlap.
  package var chunks: [ArchivedChunk]
  /// Late readings, to be merged with the stored chunks among which they belong (`LateReadings`), which the merged ones
  /// replace. All of them lie before `chunks`.
  package var overlay: [ArchivedChunk]
  /// What exactly was taken, for `TimeSeriesStore.didPersist(_:)`.
  package let token: PersistenceToken
}

/// What a writer took of a series.
package struct PersistenceToken: Sendable {
  /// An entry or the open block, by its first time, its last change and how many readings it had then.
  struct Taken: Sendable {
    var firstTime: Int64
    var change: UInt32
    var count: Int
    /// A raw entry's readings as they were written.
    var encoded: Chunk?
  }

  let series: SeriesID
  var entries: [Taken] = []
  var overlay: [Taken] = []
}

/// A part of what is to be written.
package struct UnpersistedBatch: Sendable {
  package var series: [UnpersistedSeries]
  /// Where the rest begins; nil: everything was taken that was there.
  package var next: PersistenceCursor?
}

/// A place in the walk over all series.
package struct PersistenceCursor: Sendable, Equatable {
  var shard = 0
  var number = 0

  /// Where the walk begins.
  package static let start = PersistenceCursor()
}
