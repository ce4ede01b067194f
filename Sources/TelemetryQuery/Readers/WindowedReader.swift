import TimeSeriesStorage

/// The windows of one series, each as its start and aggregate; windows without a value are left out.
///
/// A chunk that lies in one window as a whole is not decoded, where its summary says what the aggregate needs; windows that
/// lie in one chunk are made many at a time (`WindowRun`).
struct WindowedReader: Sendable {
  /// Windows that are made at once.
  private static let windowsOfRun = 512

  private let every: Int64
  private let aggregate: Aggregate
  /// Whether a bucket is just a window.
  private let hasBucketsOfWindows: Bool
  private var source: WindowSource
  private var part: WindowPart?
  /// A window that was made and is in no run yet.
  private var made: Reading?

  init(_ source: WindowSource, every: Int64, aggregate: Aggregate, level: QueryLevel) {
    self.source = source
    self.every = every
    self.aggregate = aggregate
    hasBucketsOfWindows = level.rollups?.length == every
  }

  /// The next windows, at least one; nil at the end.
  mutating func nextRun() throws(ArchiveError) -> ReadingColumns? {
    if made == nil, hasBucketsOfWindows, try nextTime() != nil, case .buckets(let buckets) = part,
      let windows = buckets.asWindows(aggregate)
    {
      part = nil
      return windows
    }
    let run = WindowRun(every: every, aggregate: aggregate)
    var windows = NumberColumns(capacity: Self.windowsOfRun)
    while windows.room > 0 {
      if made == nil, try nextTime() != nil { try part?.addWindows(run, to: &windows) }
      guard windows.room > 0, let window = try next() else { break }
      guard case .number(let number) = window.value else {
        guard windows.isEmpty else {
          made = window
          break
        }
        return try nextRun(beginningWith: window)
      }
      windows.append(window.time, number.bitPattern)
    }
    return windows.finish()
  }

  /// Windows of any kind.
  private mutating func nextRun(beginningWith first: Reading) throws(ArchiveError) -> ReadingColumns {
    var windows = [first]
    while windows.count < Self.windowsOfRun, let window = try next() { windows.append(window) }
    return ReadingColumns(windows)
  }

  private mutating func next() throws(ArchiveError) -> Reading? {
    if let made {
      self.made = nil
      return made
    }
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
