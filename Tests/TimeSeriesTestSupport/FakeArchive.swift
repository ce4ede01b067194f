package import Synchronization
package import TimeSeriesStorage

/// A database in a dictionary: it applies the rules of `UnpersistedSeries`, and finds fault with chunks that overlap.
package final class FakeArchive: ChunkArchive {
  package struct Unreadable: Error {}

  package struct Contents: Sendable {
    /// By series, by first time.
    package var chunks: [SeriesID: [Int64: ArchivedChunk]] = [:]
    package var isBroken = false
    package var reads = 0
  }

  package let contents = Mutex(Contents())

  package init() {}

  package func chunks(of series: SeriesID, from: Int64, to: Int64, maximumReadings: Int) throws -> ArchivedChunks {
    try contents.withLock { contents in
      guard !contents.isBroken else { throw Unreadable() }
      contents.reads += 1
      var answer = ArchivedChunks(chunks: [])
      var count = 0
      for chunk in Self.sorted(contents.chunks[series]) where chunk.lastTime >= from && chunk.firstTime < to {
        guard count < maximumReadings else {
          answer.resumeTime = max(from, chunk.firstTime)
          break
        }
        answer.chunks.append(chunk)
        count += chunk.count
      }
      return answer
    }
  }

  package func write(_ series: UnpersistedSeries) throws {
    try contents.withLock { contents in
      var stored = contents.chunks[series.series] ?? [:]
      for chunk in series.chunks {
        for first in stored.keys where first >= chunk.firstTime && first <= chunk.lastTime { stored[first] = nil }
      }
      for chunk in series.chunks { stored[chunk.firstTime] = chunk }
      for late in series.overlay {
        let touched = Self.sorted(stored).filter { $0.lastTime >= late.firstTime && $0.firstTime <= late.lastTime }
        for chunk in touched { stored[chunk.firstTime] = nil }
        var readings = try LateReadings(late)
        for chunk in readings.take(before: .max, among: touched)?.chunks ?? [] { stored[chunk.firstTime] = chunk }
      }
      contents.chunks[series.series] = stored
    }
  }

  /// All of a series, in order of time.
  package func chunks(of series: SeriesID) -> [ArchivedChunk] { contents.withLock { Self.sorted($0.chunks[series]) } }

  /// Removes chunks that end before a time, as retention does; gives the times they spanned.
  package func removeChunks(of series: SeriesID, before end: Int64) -> [ClosedRange<Int64>] {
    contents.withLock { contents in
      let removed = Self.sorted(contents.chunks[series]).filter { $0.lastTime < end }
      for chunk in removed { contents.chunks[series]?[chunk.firstTime] = nil }
      return removed.map { $0.firstTime...$0.lastTime }
    }
  }

  /// Whether no two chunks of a series have a moment in common.
  package var isWithoutOverlap: Bool {
    contents.withLock { contents in
      contents.chunks.values.allSatisfy { stored in
        let chunks = Self.sorted(stored)
        return zip(chunks, chunks.dropFirst()).allSatisfy { $0.lastTime < $1.firstTime }
      }
    }
  }

  static func sorted(_ chunks: [Int64: ArchivedChunk]?) -> [ArchivedChunk] {
    (chunks ?? [:]).values.sorted { $0.firstTime < $1.firstTime }
  }
}
