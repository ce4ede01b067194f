package import TimeSeriesStorage

extension HubDatabase: ChunkArchive {
  /// - Throws: `SQLiteError`.
  package func chunks(
    of series: SeriesID, from: Int64, to: Int64, maximumReadings: Int
  ) throws -> ArchivedChunks {
    guard let number = numbers.withLock({ $0[series] }) else { return ArchivedChunks(chunks: [], resumeTime: nil) }
    return try readers.read { reader throws(SQLiteError) in
      try reader.chunks(ofSeries: number, from: from, to: to, maximumReadings: maximumReadings)
    }
  }
}
