import TimeSeriesStorage

/// A run of what windows are made of, as far as it is not in a window yet.
enum WindowPart: Sendable {
  case readings(ReadingsPart)
  case buckets(BucketsPart)

  /// The time of the next; nil: there is none.
  var nextTime: Int64? {
    switch self {
    case .readings(let part): part.nextTime
    case .buckets(let part): part.nextTime
    }
  }

  /// Appends the windows that lie within it as a whole, but for the last one.
  mutating func addWindows(_ run: WindowRun, to windows: inout NumberColumns) throws(ArchiveError) {
    switch self {
    case .readings(var part):
      try part.addWindows(run, to: &windows)
      self = .readings(part)
    case .buckets(var part):
      part.addWindows(run, to: &windows)
      self = .buckets(part)
    }
  }

  /// Adds what is before the window's end; nil: the window ends with time itself.
  mutating func add(to window: inout WindowAccumulator, end: Int64?, _ aggregate: Aggregate) throws(ArchiveError) {
    switch self {
    case .readings(var part):
      try part.add(to: &window, end: end, aggregate)
      self = .readings(part)
    case .buckets(var part):
      part.add(to: &window, end: end)
      self = .buckets(part)
    }
  }
}

/// Readings, decoded where a window needs some of them.
struct ReadingsPart: Sendable {
  private let part: SnapshotPart
  private var columns: ReadingColumns?
  private var position = 0

  init(_ part: SnapshotPart) { self.part = part }

  var nextTime: Int64? {
    guard position > 0 || columns != nil else { return part.firstTime }
    guard let columns, position < columns.count else { return nil }
    return columns.time(at: position)
  }

  mutating func addWindows(_ run: WindowRun, to windows: inout NumberColumns) throws(ArchiveError) {
    if columns == nil {
      // Of one that lies in one window as a whole, the summary may do.
      guard Window.start(of: part.firstTime, length: run.every) < Window.start(of: part.lastTime, length: run.every)
      else { return }
      columns = try part.columns()
    }
    if let columns { position = run.add(columns, from: position, to: &windows) }
  }

  mutating func add(to window: inout WindowAccumulator, end: Int64?, _ aggregate: Aggregate) throws(ArchiveError) {
    if columns == nil {
      let isWhole = end.map { part.lastTime < $0 } ?? true
      if isWhole, !aggregate.needsEnds, let summary = part.summary {
        window.add(summary)
        position = part.count
        return
      }
      columns = try part.columns()
    }
    guard let columns else { return }
    let runEnd = end.map { columns.position(notBefore: $0, from: position) } ?? columns.count
    window.add(columns, position..<runEnd)
    position = runEnd
  }
}

/// Buckets: those columns of them that the aggregate needs.
struct BucketsPart: Sendable {
  private let values: ReadingColumns
  /// How many numbers each sum is of.
  private let weights: BucketWeights?
  private var position = 0

  init(_ part: RollupSnapshot.Part, _ aggregate: Aggregate) throws(ArchiveError) {
    values = try part.column(aggregate.field)
    weights = aggregate.field == .sum ? try BucketWeights(part, count: values.count) : nil
  }

  var isEmpty: Bool { values.count == 0 }

  /// What is left of them as windows of their own length; nil where that takes more than a look at one column.
  func asWindows(_ aggregate: Aggregate) -> ReadingColumns? {
    guard aggregate != .mean, !hasBucketsWithoutNumbers(aggregate) else { return nil }
    return values.slice(position..<values.count)
  }

  /// Whether there may be one that has no value.
  private func hasBucketsWithoutNumbers(_ aggregate: Aggregate) -> Bool {
    var found = false
    switch aggregate {
    case .count, .first, .last: break
    case .min, .max:
      _ = values.withNumbers(0..<values.count) { found = $0.contains { Double(bitPattern: $0).isNaN } }
    case .mean, .sum:
      switch weights {
      case .same(let count): found = count == 0
      case .each(let counts):
        _ = counts.withNumbers(0..<counts.count) { found = $0.contains { Double(bitPattern: $0) == 0 } }
      case nil: break
      }
    }
    return found
  }

  var nextTime: Int64? { position < values.count ? values.time(at: position) : nil }

  mutating func addWindows(_ run: WindowRun, to windows: inout NumberColumns) {
    position = run.add(buckets: values, weights, from: position, to: &windows)
  }

  mutating func add(to window: inout WindowAccumulator, end: Int64?) {
    let runEnd = end.map { values.position(notBefore: $0, from: position) } ?? values.count
    window.add(buckets: values, weights, position..<runEnd)
    position = runEnd
  }
}

/// How many numbers each of some buckets is of.
enum BucketWeights: Sendable {
  case same(Double)
  case each(ReadingColumns)

  init(_ part: RollupSnapshot.Part, count: Int) throws(ArchiveError) {
    if let same = try part.constant(.numbers) {
      self = .same(same)
    } else {
      let counts = try part.column(.numbers)
      guard counts.count == count else { throw .damaged(.damaged("columns of different lengths")) }
      self = .each(counts)
    }
  }

  /// How many numbers the buckets at some positions are of.
  func total(_ positions: Range<Int>) -> Double {
    switch self {
    case .same(let count): return count * Double(positions.count)
    case .each(let counts):
      // Whole numbers, far too small to be rounded.
      var total = 0.0
      _ = counts.withNumbers(positions) { for count in $0 { total += Double(bitPattern: count) } }
      return total
    }
  }
}

extension Aggregate {
  /// Whether it is the value of a reading at one end of a window.
  fileprivate var needsEnds: Bool { self == .first || self == .last }

  /// The field of buckets that it is made of; there is none for `first`.
  fileprivate var field: RollupSegment.Field {
    switch self {
    case .count: .count
    case .min: .minimum
    case .max: .maximum
    case .mean, .sum: .sum
    case .first, .last: .last
    }
  }
}
