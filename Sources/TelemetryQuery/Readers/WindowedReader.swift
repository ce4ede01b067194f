import TimeSeriesStorage

/// The windows of one series, each as its start and aggregate; windows without a value are left out.
///
/// A chunk that lies in one window as a whole is not decoded, where its summary says what the aggregate needs.
struct WindowedReader: Sendable {
  /// Windows that are made at once.
  private static let windowsOfRun = 512

  private let every: Int64
  private let aggregate: Aggregate
  /// Whether a bucket is just a window.
  private let hasBucketsOfWindows: Bool
  private var source: WindowSource
  private var part: WindowPart?

  init(_ source: WindowSource, every: Int64, aggregate: Aggregate, level: QueryLevel) {
    self.source = source
    self.every = every
    self.aggregate = aggregate
    hasBucketsOfWindows = level.rollups?.length == every
  }

  /// The next windows, at least one; nil at the end.
  mutating func nextRun() throws(ArchiveError) -> ReadingColumns? {
    if hasBucketsOfWindows, try nextTime() != nil, case .buckets(let buckets) = part,
      let windows = buckets.asWindows(aggregate)
    {
      part = nil
      return windows
    }
    var windows: [Reading] = []
    while windows.count < Self.windowsOfRun, let window = try next() { windows.append(window) }
    return windows.isEmpty ? nil : ReadingColumns(windows)
  }

  private mutating func next() throws(ArchiveError) -> Reading? {
    while let time = try nextTime() {
      let start = Window.start(of: time, length: every)
      let (end, overflow) = start.addingReportingOverflow(every)
      var window = WindowAccumulator(aggregate)
      while let time = try nextTime(), overflow || time < end {
        try part?.add(to: &window, end: overflow ? nil : end, aggregate)
      }
      if let value = window.value { return Reading(time: start, value: value) }
    }
    return nil
  }

  /// The time of what comes next; nil: there is nothing.
  private mutating func nextTime() throws(ArchiveError) -> Int64? {
    while true {
      if let time = part?.nextTime { return time }
      part = try source.next()
      if part == nil { return nil }
    }
  }
}
