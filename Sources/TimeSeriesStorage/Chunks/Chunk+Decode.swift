extension Chunk {
  /// The readings as a block of their own with room for `capacity`, or for just these.
  func decode(capacity: Int = 0) throws(ChunkFault) -> Block {
    try withBytes { bytes throws(ChunkFault) in try Self.decode(bytes, capacity: capacity) }
  }

  /// The readings of a chunk that these bytes are.
  static func decode(_ bytes: UnsafeRawBufferPointer, capacity: Int = 0) throws(ChunkFault) -> Block {
    let (header, end) = try ChunkHeader.read(bytes)
    let count = header.summary.count
    let block = Block(capacity: max(capacity, count), kind: header.kind)
    let values = block.values.assumingMemoryBound(to: UInt64.self)
    switch header.kind {
    case .number, .boolean:
      try ChunkDecoder.decode(header, bitsFrom: end, of: bytes, times: block.times, values: values)
      if header.kind == .boolean {
        for place in 0..<count { values[place] = values[place] == 0 ? 0 : 1 }
      }
      try checkOrder(UnsafeBufferPointer(start: block.times, count: count))
      block.count = count
    case .text, .mixed:
      try decodeWithTable(header, bytes, from: end, into: block)
    }
    return block
  }

  /// The readings of a chunk that was made here, or decoded before.
  func decodeOwn(capacity: Int = 0) -> Block {
    do throws(ChunkFault) {
      return try decode(capacity: capacity)
    } catch {
      preconditionFailure("BUG: a chunk in memory is damaged: \(error)")
    }
  }

  /// Damage can make times that do not rise, which a search in the block would not survive.
  private static func checkOrder(_ times: UnsafeBufferPointer<Int64>) throws(ChunkFault) {
    var falls: Int64 = 0
    for place in 1..<max(1, times.count) { falls |= times[place] > times[place &- 1] ? 0 : 1 }
    guard falls == 0 else { throw .damaged("times that do not rise") }
  }

  private static func decodeWithTable(
    _ header: ChunkHeader, _ bytes: UnsafeRawBufferPointer, from offset: Int, into block: Block
  ) throws(ChunkFault) {
    let count = header.summary.count
    let (table, end) = try ChunkTable.read(bytes, fromByte: offset, kind: header.kind, count: count)
    // Decoded beside the block, which takes nothing before all of it is known to be right.
    let columns = Block(capacity: count, kind: .number)
    defer { withExtendedLifetime(columns) {} }
    let values = columns.values.assumingMemoryBound(to: UInt64.self)
    try ChunkDecoder.decode(header, bitsFrom: end, of: bytes, times: columns.times, values: values)
    try checkOrder(UnsafeBufferPointer(start: columns.times, count: count))
    let texts = table.texts.map { TextBox($0) }
    for place in 0..<count {
      let kind = header.kind == .text ? .text : PendingReading.Kind(rawValue: table.kinds[place]) ?? .number
      let number = Double(bitPattern: values[place])
      switch kind {
      case .number:
        block.insert(StoredReading(time: columns.times[place], bits: values[place], kind: .number), at: place)
      case .boolean:
        block.insert(StoredReading(time: columns.times[place], bits: number == 0 ? 0 : 1, kind: .boolean), at: place)
      case .text:
        guard let index = Int(exactly: number), texts.indices.contains(index) else {
          throw .damaged("a text that is not in the table")
        }
        block.insert(StoredReading(time: columns.times[place], sharing: texts[index]), at: place)
      }
    }
  }
}
