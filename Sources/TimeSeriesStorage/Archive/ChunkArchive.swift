/// Where chunks lie that memory does not hold, or not any more.
package protocol ChunkArchive: AnyObject, Sendable {
  /// The stored chunks of the series that overlap `from..<to`, in order of time, until they hold `maximumReadings`; at least
  /// one where there is any. Called on a reader's thread, never under a lock of the store.
  func chunks(of series: SeriesID, from: Int64, to: Int64, maximumReadings: Int) throws -> ArchivedChunks
}

/// A chunk (docs/chunk-format.md) as an archive keeps it.
package struct ArchivedChunk: Sendable, Equatable {
  /// Unix milliseconds.
  package var firstTime: Int64
  package var lastTime: Int64
  package var count: Int
  package var bytes: [UInt8]

  package init(firstTime: Int64, lastTime: Int64, count: Int, bytes: [UInt8]) {
    self.firstTime = firstTime
    self.lastTime = lastTime
    self.count = count
    self.bytes = bytes
  }

  init(_ chunk: Chunk) {
    self.init(firstTime: chunk.firstTime, lastTime: chunk.lastTime, count: chunk.count, bytes: chunk.bytes)
  }
}

/// An archive's answer.
package struct ArchivedChunks: Sendable {
  package var chunks: [ArchivedChunk]
  /// Where the rest begins, later than the range asked for; nil: there is no more in that range.
  package var resumeTime: Int64?

  package init(chunks: [ArchivedChunk], resumeTime: Int64? = nil) {
    self.chunks = chunks
    self.resumeTime = resumeTime
  }
}
