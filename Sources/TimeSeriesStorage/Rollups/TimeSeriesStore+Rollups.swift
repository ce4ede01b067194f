extension TimeSeriesStore {
  /// Segments of a level that one snapshot holds on to.
  private static let segmentsOfSnapshot = 8
  /// Buckets that one snapshot computes in a row.
  private static let computedBuckets: Int64 = 4_096

  /// From which time on the archive has all of those series; nil where it has no rollups.
  package func coverage(of series: some Sequence<SeriesID>) -> ArchiveCoverage? { archive?.coverage(of: series) }

  /// The buckets that begin in `from..<to`, multiples of the level's length. What is not persisted yet is summed up here, so
  /// that they say the same as the readings do; where readings were removed meanwhile, what they once said.
  package func rollups(
    of series: SeriesID, level: RollupLevel, from: Int64, to: Int64
  ) throws(ArchiveError) -> RollupSnapshot {
    var snapshot = RollupSnapshot()
    guard from < to, let archive else { return snapshot }
    // Asked first: what is persisted from here on is in the archive, and computed as well.
    let changed = withShard(of: series.rawValue) { shard, number in
      number < shard.series.count
        ? shard.series[number].unpersistedBuckets(level, from: from, to: to) : []
    }
    let stored: ArchivedRollups
    do {
      stored = try archive.rollups(
        of: series, level: level, from: from, to: to, maximumSegments: Self.segmentsOfSnapshot)
    } catch {
      throw error as? ArchiveError ?? .unreadable("\(error)")
    }
    var end = stored.resumeTime ?? to
    guard end > from else { throw .unreadable("an archive that makes no headway at \(from)") }
    var position = from
    for range in changed where range.lowerBound < end {
      let limit = range.lowerBound.addingReportingOverflow(Self.computedBuckets * level.length)
      if !limit.overflow, limit.partialValue < min(range.upperBound, end) { end = limit.partialValue }
      let range = range.clamped(to: from..<end)
      snapshot.add(stored.segments, in: position..<range.lowerBound)
      let computed = try compute(series, level, range)
      snapshot.parts.append(.computed(try Self.merged(stored.segments, computed, in: range)))
      position = range.upperBound
    }
    snapshot.add(stored.segments, in: position..<end)
    if end < to { snapshot.resumeTime = end }
    return snapshot
  }

  /// Sums up the readings of a range.
  private func compute(
    _ series: SeriesID, _ level: RollupLevel, _ range: Range<Int64>
  ) throws(ArchiveError) -> [Rollup] {
    var builder = RollupBuilder(level)
    var from: Int64? = range.lowerBound
    while let start = from {
      let snapshot = try self.snapshot(of: series, from: start, to: range.upperBound, maximumReadings: 16_384)
      try builder.add(snapshot)
      from = snapshot.resumeTime
    }
    return builder.finish()
  }

  /// The computed buckets, and what is stored in their place where that is of more readings.
  private static func merged(
    _ segments: [RollupSegment], _ computed: [Rollup], in range: Range<Int64>
  ) throws(ArchiveError) -> [Rollup] {
    var merged = computed
    do throws(ChunkFault) {
      for segment in segments where try segment.hasMore(than: computed, in: range) {
        merged = Rollup.merged(stored: try segment.rollups().filter { range.contains($0.start) }, computed: merged)
      }
    } catch {
      throw .damaged(error)
    }
    return merged
  }
}

extension RollupSnapshot {
  fileprivate mutating func add(_ segments: [RollupSegment], in range: Range<Int64>) {
    guard !range.isEmpty else { return }
    for segment in segments { parts.append(.stored(segment, range)) }
  }
}

extension RollupSegment {
  /// Whether a stored bucket in the range is of more readings than the computed one.
  fileprivate func hasMore(than computed: [Rollup], in range: Range<Int64>) throws(ChunkFault) -> Bool {
    let counts = try column(.count)
    var place = counts.position(notBefore: range.lowerBound, from: 0)
    var next = 0
    while place < counts.count, counts.time(at: place) < range.upperBound {
      let start = counts.time(at: place)
      while next < computed.count, computed[next].start < start { next += 1 }
      guard next < computed.count, computed[next].start == start,
        Double(computed[next].count) >= counts.number(at: place)
      else { return true }
      place += 1
    }
    return false
  }
}

extension Series {
  /// The buckets, in order and without overlap, that what is not persisted lies in.
  fileprivate func unpersistedBuckets(_ level: RollupLevel, from: Int64, to: Int64) -> [Range<Int64>] {
    guard unpersistedBytes > 0 else { return [] }
    var ranges: [Range<Int64>] = []
    func add(_ first: Int64, _ last: Int64) {
      guard first < to, last >= from else { return }
      let range = level.start(of: first)..<level.end(of: last)
      ranges.append(max(range.lowerBound, from)..<min(range.upperBound, to))
    }
    for list in [overlay, sealed] {
      for index in 0..<list.count where !list[index].isPersisted {
        add(list[index].firstTime, list[index].content.lastTime)
      }
    }
    if openCount > 0, !isOpenPersisted { add(open.firstTime, open.time(at: Int(openCount) - 1)) }
    return Self.joined(ranges)
  }

  private static func joined(_ ranges: [Range<Int64>]) -> [Range<Int64>] {
    var joined: [Range<Int64>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = joined.last, last.upperBound >= range.lowerBound {
        joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    return joined
  }
}
