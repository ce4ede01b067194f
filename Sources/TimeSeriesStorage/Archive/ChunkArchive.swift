/// Where chunks lie that memory does not hold, or not any more.
package protocol ChunkArchive: AnyObject, Sendable {
  /// The stored chunks of the series that overlap `from..<to`, in order of time, until they hold `maximumReadings`; at least
  /// one where there is any. Called on a reader's thread, never under a lock of the store.
  func chunks(of series: SeriesID, from: Int64, to: Int64, maximumReadings: Int) throws -> ArchivedChunks

  /// The stored buckets of the series that begin in `from..<to`, and others of their segments, in order of time; at most
  /// `maximumSegments` segments, at least one where there is any. Of everything that was persisted they say what it sums up
  /// to. Called as `chunks(of:from:to:maximumReadings:)` is.
  func rollups(
    of series: SeriesID, level: RollupLevel, from: Int64, to: Int64, maximumSegments: Int
  ) throws -> ArchivedRollups

  /// From which time on all of those series is there; nil where rollups are still being made.
  func coverage(of series: some Sequence<SeriesID>) -> ArchiveCoverage?
}

extension ChunkArchive {
  /// An archive of chunks alone.
  package func rollups(
    of series: SeriesID, level: RollupLevel, from: Int64, to: Int64, maximumSegments: Int
  ) throws -> ArchivedRollups { ArchivedRollups(segments: []) }

  package func coverage(of series: some Sequence<SeriesID>) -> ArchiveCoverage? { nil }
}

/// From which time on nothing was removed because of its age or for room, Unix milliseconds.
package struct ArchiveCoverage: Sendable, Equatable {
  /// Readings.
  package var readingsFrom: Int64
  /// Buckets of a minute; those of an hour are kept longest.
  package var minutesFrom: Int64

  package init(readingsFrom: Int64 = .min, minutesFrom: Int64 = .min) {
    self.readingsFrom = readingsFrom
    self.minutesFrom = minutesFrom
  }

  /// What both have.
  package func and(_ other: ArchiveCoverage) -> ArchiveCoverage {
    ArchiveCoverage(
      readingsFrom: max(readingsFrom, other.readingsFrom), minutesFrom: max(minutesFrom, other.minutesFrom))
  }
}

/// An archive's answer.
package struct ArchivedRollups: Sendable {
  package var segments: [RollupSegment]
  /// Where the rest begins, later than the range asked for; nil: there is no more in that range.
  package var resumeTime: Int64?

  package init(segments: [RollupSegment], resumeTime: Int64? = nil) {
    self.segments = segments
    self.resumeTime = resumeTime
  }
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
