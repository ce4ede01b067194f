extension Series {
  /// Takes stored readings as its own, all persisted; the last block of them, where it is not full, is the open one.
  mutating func restore(_ parts: [RestoredPart], residentFrom: Int64, received: Int64, editor: inout BlockEditor) {
    precondition(!hasReadings, "BUG: a series restored twice, or after it had readings")
    guard let last = parts.last else { return }
    self.received = received
    self.residentFrom = residentFrom
    noteNewest(Reading(time: last.block.lastTime, value: last.block.value(at: last.block.count - 1)))
    for part in parts.dropLast() { addRestored(part, editor: &editor) }
    if last.block.count < Block.maximumCapacity {
      let open = last.block.copy(
        0..<last.block.count, capacity: Block.capacity(for: last.block.count + 1), kind: last.block.kind)
      editor.take(open)
      setOpen(open, change: last.isStored ? 0 : nextChange())
      editor.unpersistedBytes += openUnpersistedBytes
    } else {
      addRestored(last, editor: &editor)
    }
  }

  private mutating func addRestored(_ part: RestoredPart, editor: inout BlockEditor) {
    let entry = SealedEntry(
      firstTime: part.chunk.firstTime, content: .chunk(part.chunk), change: part.isStored ? 0 : nextChange(), place: nil
    )
    editor.take(part.chunk)
    editor.unpersistedBytes += entry.unpersistedBytes
    sealed.append(entry)
    sealedReadings += part.chunk.count
  }
}

/// A stored chunk and its readings, or a part of one.
struct RestoredPart: Sendable {
  let chunk: Chunk
  let block: Block
  /// Whether the archive has just this chunk.
  let isStored: Bool

  /// The chunk's readings, in parts of at most `Block.maximumCapacity`.
  static func parts(of bytes: [UInt8]) throws(ChunkFault) -> [RestoredPart] {
    let chunk = try Chunk.make(bytes)
    let block = try chunk.decode()
    guard block.count > Block.maximumCapacity else {
      return [RestoredPart(chunk: chunk, block: block, isStored: true)]
    }
    return stride(from: 0, to: block.count, by: Block.maximumCapacity).map { start in
      let range = start..<min(block.count, start + Block.maximumCapacity)
      let part = block.copy(range, capacity: range.count, kind: block.kind)
      return RestoredPart(chunk: Chunk.encode(part, 0..<part.count), block: part, isStored: false)
    }
  }
}
