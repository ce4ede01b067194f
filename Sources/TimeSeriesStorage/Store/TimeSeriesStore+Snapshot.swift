extension TimeSeriesStore {
  /// The readings from `from` (inclusive) to `to` (exclusive), Unix milliseconds, as they are now: those of the archive, if
  /// there is one, where memory does not reach.
  ///
  /// The lock is held for the copying of references only, and not while the archive is read. With `maximumReadings` the
  /// snapshot ends behind the chunk or block that reaches that number, and its `resumeTime` says where the rest begins.
  package func snapshot(
    of series: SeriesID, from: Int64, to: Int64, maximumReadings: Int = .max
  ) throws(ArchiveError) -> SeriesSnapshot {
    var snapshot = SeriesSnapshot()
    guard from < to else { return snapshot }
    let held = withShard(of: series.rawValue) { shard, number in
      number < shard.series.count
        ? shard.series[number].held(in: from..<to, maximumReadings: maximumReadings) : HeldReadings()
    }
    if let archive, from < held.residentFrom {
      let range = from..<min(to, held.residentFrom)
      let archived = try Self.read(archive, series, range, maximumReadings: maximumReadings)
      if let resumeTime = archived.resumeTime, resumeTime < range.upperBound {
        guard resumeTime > from else { throw .unreadable("an archive that makes no headway at \(from)") }
        try snapshot.add(archived.chunks, overlay: held.overlay, range: from..<resumeTime)
        snapshot.resumeTime = resumeTime
        return snapshot
      }
      try snapshot.add(archived.chunks, overlay: held.overlay, range: range)
    }
    for part in held.parts {
      guard snapshot.count < maximumReadings else {
        snapshot.resumeTime = max(from, part.firstTime)
        return snapshot
      }
      switch part.content {
      case .chunk(let chunk): try snapshot.add(chunk, range: from..<to)
      case .block(let block): snapshot.add(block, end: part.count, range: from..<to)
      }
    }
    snapshot.resumeTime = held.resumeTime
    return snapshot
  }

  private static func read(
    _ archive: any ChunkArchive, _ series: SeriesID, _ range: Range<Int64>, maximumReadings: Int
  ) throws(ArchiveError) -> ArchivedChunks {
    do {
      return try archive.chunks(
        of: series, from: range.lowerBound, to: range.upperBound, maximumReadings: maximumReadings)
    } catch let error as ArchiveError {
      throw error
    } catch {
      throw .unreadable("\(error)")
    }
  }
}

extension SeriesSnapshot {
  /// Adds an archive's readings and the overlay's in `range`, the overlay's in place of the archive's.
  fileprivate mutating func add(
    _ archived: [ArchivedChunk], overlay: [Block], range: Range<Int64>
  ) throws(ArchiveError) {
    do throws(ChunkFault) {
      var chunks: [Chunk] = []
      for chunk in archived { chunks.append(try Chunk.make(chunk.bytes)) }
      guard !overlay.isEmpty else {
        for chunk in chunks { try addArchived(chunk, range: range) }
        return
      }
      var stored: [Block] = []
      for chunk in chunks { stored.append(try chunk.decode()) }
      for block in BlockMerge.merged(stored: stored, overlay: overlay) { add(block, end: block.count, range: range) }
    } catch {
      throw .damaged(error)
    }
  }

  private mutating func addArchived(_ chunk: Chunk, range: Range<Int64>) throws(ChunkFault) {
    do throws(ArchiveError) {
      try add(chunk, range: range)
    } catch {
      if case .damaged(let fault) = error { throw fault }
    }
  }
}
