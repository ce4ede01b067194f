extension Series {
  /// Takes stored readings as its own, all persisted; the last of them, where they are not a full chunk, are the open ones.
  mutating func restore(_ parts: [RestoredPart], residentFrom: Int64, received: Int64, editor: inout BlockEditor) {
    precondition(!hasReadings, "BUG: a series restored twice, or after it had readings")
    guard let last = parts.last else { return }
    self.received = received
    self.residentFrom = residentFrom
    let block = last.chunk.decodeOwn(capacity: Block.capacity(for: last.chunk.count + 1))
    noteNewest(Reading(time: block.lastTime, value: block.value(at: block.count - 1)))
    for part in parts.dropLast() { addRestored(part, editor: &editor) }
    if block.count < Block.maximumCapacity {
      let open = block
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

/// A stored chunk, or a part of one.
struct RestoredPart: Sendable {
  let chunk: Chunk
  /// Whether the archive has just this chunk.
  let isStored: Bool

  /// The chunk, in parts of at most `Block.maximumCapacity` readings.
  ///
  /// - Parameter isChecked: its readings are decoded to see whether they can be. The archive has a checksum of each chunk, so
  ///   that it need not be done for all of them when the hub starts.
  static func parts(of bytes: [UInt8], isChecked: Bool) throws(ChunkFault) -> [RestoredPart] {
    let chunk = try Chunk.make(bytes)
    guard isChecked || chunk.count > Block.maximumCapacity else { return [RestoredPart(chunk: chunk, isStored: true)] }
    let block = try chunk.decode()
    guard block.count > Block.maximumCapacity else { return [RestoredPart(chunk: chunk, isStored: true)] }
    return stride(from: 0, to: block.count, by: Block.maximumCapacity).map { start in
      let range = start..<min(block.count, start + Block.maximumCapacity)
      let part = block.copy(range, capacity: range.count, kind: block.kind)
      return RestoredPart(chunk: Chunk.encode(part, 0..<part.count), isStored: false)
    }
  }
}
