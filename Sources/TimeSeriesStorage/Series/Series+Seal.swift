extension Series {
  /// Makes a chunk of the open block's readings, if there are any; the open block is empty then.
  ///
  /// The chunk before takes them too where it has room, so that blocks which are sealed early do not leave many small
  /// chunks behind.
  mutating func sealOpen(editor: inout BlockEditor) {
    guard openCount > 0 else { return }
    let (block, change) = takeOpen()
    sealedReadings += block.count
    if let former = roomyLastChunk(for: block.count) {
      editor.unpersistedBytes -= sealed.removeLast().unpersistedBytes + (change == 0 ? 0 : block.byteSize)
      var joined = editor.unseal(former)
      for position in 0..<block.count { editor.append(block.reading(at: position), to: &joined) }
      editor.discard(block)
      addSealed(editor.seal(joined), change: nextChange(), editor: &editor)
    } else {
      editor.unpersistedBytes -= change == 0 ? 0 : block.byteSize
      addSealed(editor.seal(block), change: change, editor: &editor)
    }
  }

  private mutating func addSealed(_ chunk: Chunk, change: UInt32, editor: inout BlockEditor) {
    let entry = SealedEntry(firstTime: chunk.firstTime, content: .chunk(chunk), change: change, place: nil)
    editor.unpersistedBytes += entry.unpersistedBytes
    sealed.append(entry)
  }

  private func roomyLastChunk(for count: Int) -> Chunk? {
    guard !sealed.isEmpty, case .chunk(let chunk) = sealed[sealed.count - 1].content,
      chunk.count + count <= Block.maximumCapacity
    else { return nil }
    return chunk
  }

  /// Makes a chunk again of the raw block that has a reading of that time.
  mutating func reseal(at time: Int64, editor: inout BlockEditor, unsealed: inout UnsealedBlocks) {
    let index = sealed.index(beginningBy: time)
    precondition(index >= 0, "BUG: a raw block that its series does not have")
    sealed.seal(at: index, editor: &editor, unsealed: &unsealed)
  }
}
