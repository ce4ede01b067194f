extension Chunk {
  /// The readings of a block at those positions, at least one, as a chunk.
  static func encode(_ block: Block, _ range: Range<Int>) -> Chunk {
    defer { withExtendedLifetime(block) {} }
    let bytes: [UInt8]
    switch block.kind {
    case .number:
      let values = UnsafeRawPointer(block.values).assumingMemoryBound(to: UInt64.self)
      bytes = ChunkEncoder.encode(
        ChunkColumns(
          times: times(of: block, range),
          values: UnsafeBufferPointer(start: values + range.lowerBound, count: range.count)),
        kind: .number)
    case .boolean:
      bytes = encode(block, range, range.map { block.bits(at: $0) == 0 ? 0 : 1.0.bitPattern }, nil)
    case .text, .mixed:
      bytes = encodeWithTable(block, range)
    }
    do throws(ChunkFault) {
      return try make(bytes)
    } catch {
      preconditionFailure("BUG: a chunk that its own encoder damaged: \(error)")
    }
  }

  private static func times(of block: Block, _ range: Range<Int>) -> UnsafeBufferPointer<Int64> {
    UnsafeBufferPointer(start: block.times + range.lowerBound, count: range.count)
  }

  private static func encode(
    _ block: Block, _ range: Range<Int>, _ values: [UInt64], _ table: ChunkTable?
  ) -> [UInt8] {
    values.withUnsafeBufferPointer {
      ChunkEncoder.encode(
        ChunkColumns(times: times(of: block, range), values: $0), kind: block.kind, table: table)
    }
  }

  private static func encodeWithTable(_ block: Block, _ range: Range<Int>) -> [UInt8] {
    var table = ChunkTable()
    var indices: [String: Int] = [:]
    let values = range.map { position -> UInt64 in
      let kind = block.kind(at: position)
      table.kinds.append(kind.rawValue)
      switch (kind, block.value(at: position)) {
      case (.boolean, let value): return value == .boolean(true) ? 1.0.bitPattern : 0
      case (_, .text(let text)):
        let index = indices[text] ?? table.texts.count
        if index == table.texts.count {
          indices[text] = index
          table.texts.append(text)
        }
        return Double(index).bitPattern
      default: return block.bits(at: position)
      }
    }
    return encode(block, range, values, table)
  }
}
