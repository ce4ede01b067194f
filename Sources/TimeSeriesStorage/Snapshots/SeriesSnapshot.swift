/// The readings of one series in a range of time, as they were at one moment.
///
/// It holds references to blocks, not copies of readings: making one is cheap, and reading it needs no lock. What it refers
/// to stays in memory as long as it lives, even when the store evicts it; who reads slowly takes it in parts.
package struct SeriesSnapshot: Sendable, Sequence {
  /// A block and the positions of it that belong to the snapshot.
  struct Part {
    var block: Block
    var start: Int
    var end: Int
  }

  private(set) var parts: [Part] = []
  /// Readings in the snapshot.
  package private(set) var count = 0
  /// Where the rest begins, if `maximumReadings` cut the snapshot short.
  package internal(set) var resumeTime: Int64?

  package var isEmpty: Bool { count == 0 }

  /// Adds those readings among the block's first `end` that lie in `range`.
  mutating func add(_ block: Block, end: Int, range: Range<Int64>) {
    let start = block.position(notBefore: range.lowerBound, end: end)
    let end = block.position(notBefore: range.upperBound, end: end)
    guard start < end else { return }
    parts.append(Part(block: block, start: start, end: end))
    count += end - start
  }

  package func makeIterator() -> Iterator { Iterator(parts: parts) }

  /// Readings in order of time.
  package struct Iterator: IteratorProtocol, Sendable {
    private let parts: [Part]
    private var nextPart = 0
    private var block = Block.none
    private var position = 0
    private var end = 0

    init(parts: [Part]) { self.parts = parts }

    package mutating func next() -> Reading? {
      if position == end {
        guard nextPart < parts.count else { return nil }
        block = parts[nextPart].block
        position = parts[nextPart].start
        end = parts[nextPart].end
        nextPart += 1
      }
      defer { position += 1 }
      return Reading(time: block.time(at: position), value: block.value(at: position))
    }
  }
}
