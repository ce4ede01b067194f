package import TimeSeriesStorage

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
