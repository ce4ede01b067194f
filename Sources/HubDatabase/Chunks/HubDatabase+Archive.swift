package import TimeSeriesStorage

extension Int64 {
  /// A multiple of a length, not above; the least number where there is none.
  fileprivate func roundedDown(to length: Int64) -> Int64 {
    let rest = self % length
    let (rounded, overflow) = subtractingReportingOverflow(rest < 0 ? rest + length : rest)
    return overflow ? .min : rounded
  }

  /// A multiple of a length, not below; the greatest number where there is none.
  fileprivate func roundedUp(to length: Int64) -> Int64 {
    let rest = self % length
    guard rest != 0 else { return self }
    let (rounded, overflow) = addingReportingOverflow(rest < 0 ? -rest : length - rest)
    return overflow ? .max : rounded
  }
}

extension HubDatabase: ChunkArchive {
  /// - Throws: `SQLiteError`.
  package func chunks(
    of series: SeriesID, from: Int64, to: Int64, maximumReadings: Int
  ) throws -> ArchivedChunks {
    guard let number = numbers.withLock({ $0[series] }) else { return ArchivedChunks(chunks: [], resumeTime: nil) }
    return try readers.read { reader throws(SQLiteError) in
      try reader.chunks.chunks(ofSeries: number, from: from, to: to, maximumReadings: maximumReadings)
    }
  }

  /// - Throws: `SQLiteError`.
  package func rollups(
    of series: SeriesID, level: RollupLevel, from: Int64, to: Int64, maximumSegments: Int
  ) throws -> ArchivedRollups {
    guard let number = numbers.withLock({ $0[series] }) else { return ArchivedRollups(segments: []) }
    // Whole segments' lengths, so that a question about the last day asks for the same as one a minute ago.
    let step = level.length * Int64(RollupSegment.maximumCount)
    let key = RollupCache.Key(
      series: number, level: level, from: from.roundedDown(to: step), to: to.roundedUp(to: step))
    let found = try rollupCache.rollups(key) { () throws(SQLiteError) in
      try rollups(ofSeries: number, level, from: key.from, to: key.to, maximumSegments: maximumSegments)
    }
    // The rest begins behind what was asked for, unless small segments before it were already too many.
    guard let resumeTime = found.resumeTime else { return found }
    if resumeTime >= to { return ArchivedRollups(segments: found.segments) }
    if resumeTime > from { return found }
    return try rollups(ofSeries: number, level, from: from, to: to, maximumSegments: maximumSegments)
  }

  private func rollups(
    ofSeries number: Int64, _ level: RollupLevel, from: Int64, to: Int64, maximumSegments: Int
  ) throws(SQLiteError) -> ArchivedRollups {
    let (rows, resumeTime) = try readers.read { reader throws(SQLiteError) in
      try reader.rollups.rows(ofSeries: number, level: level, from: from, to: to, limit: maximumSegments)
    }
    return ArchivedRollups(segments: rows.filter { $0.last >= from }.compactMap(\.segment), resumeTime: resumeTime)
  }

  package func coverage(of series: some Sequence<SeriesID>) -> ArchiveCoverage? {
    let known = numbers.withLock { numbers in series.compactMap { numbers[$0] } }
    return coverage.withLock { coverage in
      guard coverage.hasRollups else { return nil }
      return known.reduce(ArchiveCoverage()) { $0.and(coverage[$1]) }
    }
  }
}
