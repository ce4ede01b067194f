/// A run of a snapshot's readings: a chunk as a whole, or positions of a block.
package struct SnapshotPart: Sendable {
  enum Content: Sendable {
    case chunk(Chunk)
    case block(Block, Range<Int>)
  }

  let content: Content

  package var count: Int {
    switch content {
    case .chunk(let chunk): chunk.count
    case .block(_, let range): range.count
    }
  }

  /// Unix milliseconds.
  package var firstTime: Int64 {
    switch content {
    case .chunk(let chunk): chunk.firstTime
    case .block(let block, let range): block.time(at: range.lowerBound)
    }
  }

  package var lastTime: Int64 {
    switch content {
    case .chunk(let chunk): chunk.lastTime
    case .block(let block, let range): block.time(at: range.upperBound - 1)
    }
  }

  /// What is known of its readings without decoding them: nil where that is nothing, or where some are texts.
  package var summary: ChunkSummary? {
    guard case .chunk(let chunk) = content,
      let header = try? chunk.withBytes({ bytes throws(ChunkFault) in try ChunkHeader.read(bytes).header }),
      header.kind == .number || header.kind == .boolean
    else { return nil }
    return header.summary
  }

  /// Its readings.
  ///
  /// - Throws: where an archive's chunk turns out to be damaged.
  package func columns() throws(ArchiveError) -> ReadingColumns {
    switch content {
    case .block(let block, let range):
      return ReadingColumns(block, range)
    case .chunk(let chunk):
      do throws(ChunkFault) {
        let block = try chunk.decode()
        return ReadingColumns(block, 0..<block.count)
      } catch {
        throw .damaged(error)
      }
    }
  }
}
