import TimeSeriesStorage

/// The windows of one series, each as its start and aggregate; windows without a value are left out.
///
/// A chunk that lies in one window as a whole is not decoded, where its summary says what the aggregate needs.
struct WindowedReader: Sendable {
  private var snapshots: SnapshotReader
  private let every: Int64
  private let aggregate: Aggregate
  private var parts: [SnapshotPart] = []
  private var nextPart = 0
  /// A part of which some readings are behind `position` still.
  private var columns: ReadingColumns?
  private var position = 0

  init(_ snapshots: SnapshotReader, every: Int64, aggregate: Aggregate) {
    self.snapshots = snapshots
    self.every = every
    self.aggregate = aggregate
  }

  mutating func next() throws(ArchiveError) -> Reading? {
    while let time = try nextTime() {
      let start = Window.start(of: time, length: every)
      let (end, overflow) = start.addingReportingOverflow(every)
      var window = WindowAccumulator()
      while let time = try nextTime(), overflow || time < end {
        try addRun(to: &window, end: overflow ? nil : end)
      }
      if let value = window.value(aggregate) { return Reading(time: start, value: value) }
    }
    return nil
  }

  /// The time of the next reading; nil: there is none.
  private mutating func nextTime() throws(ArchiveError) -> Int64? {
    if let columns {
      if position < columns.count { return columns.time(at: position) }
      self.columns = nil
    }
    while nextPart == parts.count {
      guard let snapshot = try snapshots.next() else { return nil }
      parts = snapshot.parts
      nextPart = 0
    }
    return parts[nextPart].firstTime
  }

  /// Adds readings up to the window's end, or to the end of their part; nil: the window ends with time itself.
  private mutating func addRun(to window: inout WindowAccumulator, end: Int64?) throws(ArchiveError) {
    if columns == nil {
      let part = parts[nextPart]
      nextPart += 1
      let isWhole = end.map { part.lastTime < $0 } ?? true
      if isWhole, !aggregate.needsEnds, let summary = part.summary {
        window.add(summary)
        return
      }
      columns = try part.columns()
      position = 0
    }
    guard let columns else { return }
    let runEnd = end.map { columns.position(notBefore: $0, from: position) } ?? columns.count
    window.add(columns, position..<runEnd)
    position = runEnd
  }
}

extension Aggregate {
  /// Whether it is the value of a reading at one end of a window.
  fileprivate var needsEnds: Bool { self == .first || self == .last }
}
