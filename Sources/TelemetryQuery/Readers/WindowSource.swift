import TimeSeriesStorage

/// What one series' windows are made of, in order of time: readings, or buckets with readings at both ends where the range
/// begins or ends within a bucket.
struct WindowSource: Sendable {
  private let store: TimeSeriesStore
  private let series: SeriesID
  private let aggregate: Aggregate
  /// Of buckets; nil: there are only readings.
  private let level: RollupLevel?
  private let buckets: Range<Int64>
  /// Where the next buckets begin; nil: there are no more.
  private var nextBuckets: Int64?
  private var before: SnapshotReader?
  private var after: SnapshotReader?
  private var readings: [SnapshotPart] = []
  private var nextReadings = 0
  private var rollups: [RollupSnapshot.Part] = []
  private var nextRollups = 0

  init(
    store: TimeSeriesStore, series: SeriesID, from: Int64, to: Int64, plan: LevelPlan, aggregate: Aggregate
  ) {
    self.store = store
    self.series = series
    self.aggregate = aggregate
    level = plan.level.rollups
    buckets = level.map { Self.buckets($0, from: from, to: to, readingsFrom: plan.readingsFrom) } ?? to..<to
    nextBuckets = buckets.isEmpty ? nil : buckets.lowerBound
    if from < buckets.lowerBound {
      before = SnapshotReader(store: store, series: series, from: from, to: min(to, buckets.lowerBound))
    }
    if buckets.upperBound < to, !buckets.isEmpty {
      after = SnapshotReader(store: store, series: series, from: buckets.upperBound, to: to)
    }
  }

  /// The buckets that are within the range as a whole. Where the readings of one at its end are gone, that one too: more
  /// cannot be known.
  private static func buckets(_ level: RollupLevel, from: Int64, to: Int64, readingsFrom: Int64) -> Range<Int64> {
    let first = level.start(of: from)
    let last = level.start(of: to)
    let start = first == from || from < readingsFrom ? first : level.end(of: from)
    let end = last == to || last >= readingsFrom ? last : level.end(of: to)
    return start < end ? start..<end : to..<to
  }

  /// The next part; nil at the end.
  mutating func next() throws(ArchiveError) -> WindowPart? {
    while true {
      if nextReadings < readings.count {
        defer { nextReadings += 1 }
        return .readings(ReadingsPart(readings[nextReadings]))
      }
      if nextRollups < rollups.count {
        defer { nextRollups += 1 }
        let part = try BucketsPart(rollups[nextRollups], aggregate)
        if !part.isEmpty { return .buckets(part) }
      } else if try !advance() {
        return nil
      }
    }
  }

  /// Takes the next snapshot.
  private mutating func advance() throws(ArchiveError) -> Bool {
    if let snapshot = try before?.next() {
      take(snapshot)
      return true
    }
    before = nil
    if let level, let from = nextBuckets {
      let snapshot = try store.rollups(of: series, level: level, from: from, to: buckets.upperBound)
      rollups = snapshot.parts
      nextRollups = 0
      nextBuckets = snapshot.resumeTime
      return true
    }
    guard let snapshot = try after?.next() else { return false }
    take(snapshot)
    return true
  }

  private mutating func take(_ snapshot: SeriesSnapshot) {
    readings = snapshot.parts
    nextReadings = 0
  }
}
