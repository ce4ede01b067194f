/// Late readings on their way into the stored chunks among which they belong, in order of time.
package struct LateReadings {
  private let block: Block
  private var position = 0

  package init(_ overlay: ArchivedChunk) throws(ChunkFault) {
    block = try Chunk.make(overlay.bytes).decode()
  }

  /// The time of the next; nil at the end.
  package var nextTime: Int64? { position < block.count ? block.time(at: position) : nil }

  /// Takes those before a time: the chunks to be stored in place of those given, which they hold as well, and the times of
  /// those taken. Of two readings with the same time the late one stays.
  package mutating func take(
    before end: Int64, among stored: [ArchivedChunk]
  ) -> (chunks: [ArchivedChunk], times: ClosedRange<Int64>)? {
    let taken = position..<block.position(notBefore: end, end: block.count)
    guard !taken.isEmpty else { return nil }
    position = taken.upperBound
    var blocks: [Block] = []
    // What cannot be read is given up for what can: the late readings must not be lost with it.
    for chunk in stored { if let block = try? Chunk.make(chunk.bytes).decode() { blocks.append(block) } }
    let late = block.copy(taken, capacity: taken.count, kind: block.kind)
    let count = blocks.reduce(taken.count) { $0 + $1.count }
    let pieces = (count + Block.maximumCapacity - 1) / Block.maximumCapacity
    let merged = BlockMerge.merged(stored: blocks, overlay: [late], readingsOfBlock: (count + pieces - 1) / pieces)
    return (
      merged.map { ArchivedChunk(Chunk.encode($0, 0..<$0.count)) },
      block.time(at: taken.lowerBound)...block.time(at: taken.upperBound - 1)
    )
  }
}
