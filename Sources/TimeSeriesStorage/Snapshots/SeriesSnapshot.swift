/// The readings of one series in a range of time, as they were at one moment.
///
/// It holds references to chunks and blocks, not copies of readings: making one is cheap, and reading it needs no lock. What
/// it refers to stays in memory as long as it lives, even when the store evicts it; who reads slowly takes it in parts.
package struct SeriesSnapshot: Sendable, Sequence {
  /// Its readings in runs, in order of time.
  package private(set) var parts: [SnapshotPart] = []
  /// Readings in the snapshot.
  package private(set) var count = 0
  /// Where the rest begins, if `maximumReadings` cut the snapshot short.
  package internal(set) var resumeTime: Int64?

  package var isEmpty: Bool { count == 0 }

  /// Adds those among the block's first `end` readings that lie in `range`.
  mutating func add(_ block: Block, end: Int, range: Range<Int64>) {
    let start = block.position(notBefore: range.lowerBound, end: end)
    let end = block.position(notBefore: range.upperBound, end: end)
    guard start < end else { return }
    parts.append(SnapshotPart(content: .block(block, start..<end)))
    count += end - start
  }

  /// Adds those of the chunk's readings that lie in `range`; it is decoded where that is not all of them.
  mutating func add(_ chunk: Chunk, range: Range<Int64>) throws(ArchiveError) {
    guard chunk.firstTime < range.lowerBound || chunk.lastTime >= range.upperBound else {
      parts.append(SnapshotPart(content: .chunk(chunk)))
      count += chunk.count
      return
    }
    guard chunk.firstTime < range.upperBound, chunk.lastTime >= range.lowerBound else { return }
    do throws(ChunkFault) {
      add(try chunk.decode(), end: chunk.count, range: range)
    } catch {
      throw .damaged(error)
    }
  }

  /// The times of its last readings, at most so many, in order.
  package func lastTimes(_ limit: Int) throws(ArchiveError) -> [Int64] {
    var runs: [[Int64]] = []
    var left = limit
    for part in parts.reversed() where left > 0 {
      let columns = try part.columns()
      let count = Swift.min(left, columns.count)
      runs.append(columns.withTimes(columns.count - count..<columns.count) { Array($0) })
      left -= count
    }
    return Array(runs.reversed().joined())
  }

  package func makeIterator() -> Iterator { Iterator(parts: parts) }

  /// Readings in order of time, one chunk of them decoded at a time.
  package struct Iterator: IteratorProtocol, Sendable {
    private let parts: [SnapshotPart]
    private var nextPart = 0
    private var columns: ReadingColumns?
    private var position = 0
    /// Once `next()` gave nil: why that was not the end.
    package private(set) var fault: ArchiveError?

    init(parts: [SnapshotPart]) { self.parts = parts }

    package mutating func next() -> Reading? {
      while true {
        if let columns, position < columns.count {
          defer { position += 1 }
          return Reading(time: columns.time(at: position), value: columns.value(at: position))
        }
        guard fault == nil, nextPart < parts.count else { return nil }
        do throws(ArchiveError) {
          columns = try parts[nextPart].columns()
        } catch {
          fault = error
          return nil
        }
        position = 0
        nextPart += 1
      }
    }
  }
}
