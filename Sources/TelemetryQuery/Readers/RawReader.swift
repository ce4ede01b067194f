import TimeSeriesStorage

/// The readings of one series in a range of time, a few chunks of them at a time.
struct RawReader: Sendable {
  private var snapshots: SnapshotReader
  private var rest: SeriesSnapshot.Iterator?

  init(_ snapshots: SnapshotReader) { self.snapshots = snapshots }

  mutating func next() throws(ArchiveError) -> Reading? {
    while true {
      if let reading = rest?.next() { return reading }
      if let fault = rest?.fault { throw fault }
      guard let snapshot = try snapshots.next() else { return nil }
      rest = snapshot.makeIterator()
    }
  }
}
