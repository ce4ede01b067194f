import Synchronization

@testable import TimeSeriesStorage

/// A database in a dictionary: it applies the rules of `UnpersistedSeries`, and finds fault with chunks that overlap.
final class FakeArchive: ChunkArchive {
  struct Unreadable: Error {}

  struct Contents: Sendable {
    /// By series, by first time.
    var chunks: [SeriesID: [Int64: ArchivedChunk]] = [:]
    var isBroken = false
    var reads = 0
  }

  let contents = Mutex(Contents())

  func chunks(of series: SeriesID, from: Int64, to: Int64, maximumReadings: Int) throws -> ArchivedChunks {
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

  func write(_ series: UnpersistedSeries) throws {
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
  func chunks(of series: SeriesID) -> [ArchivedChunk] { contents.withLock { Self.sorted($0.chunks[series]) } }

  /// Whether no two chunks of a series have a moment in common.
  var isWithoutOverlap: Bool {
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
