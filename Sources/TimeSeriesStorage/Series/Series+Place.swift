extension Series {
  /// Puts a reading where its time says; a text's reference goes to the series.
  ///
  /// `number` is the series' in its shard.
  mutating func place(
    _ reading: StoredReading, number: Int, editor: inout BlockEditor, unsealed: inout UnsealedBlocks
  ) -> Placement {
    synchronizeOpen()
    if !hasReadings || reading.time > lastTime {
      append(reading, editor: &editor)
      return .appended
    }
    if isInOpen(reading.time) { return placeInOpen(reading, editor: &editor) }
    noteNewest(Reading(time: reading.time, value: reading.value))
    return reading.time < residentFrom
      ? placeInOverlay(reading, editor: &editor, unsealed: &unsealed)
      : placeInSealed(reading, owner: UInt32(truncatingIfNeeded: number), editor: &editor, unsealed: &unsealed)
  }

  private mutating func append(_ reading: StoredReading, editor: inout BlockEditor) {
    if openCount >= Block.maximumCapacity {
      sealOpen(editor: &editor)
      // A busy series: its next block starts a quarter full size rather than from the least.
      updateOpen(editor: &editor) { $0 = $1.makeBlock(reading, capacity: Block.maximumCapacity / 4) }
    } else {
      updateOpen(editor: &editor) { $1.append(reading, to: &$0) }
    }
  }

  private mutating func placeInOpen(_ reading: StoredReading, editor: inout BlockEditor) -> Placement {
    let place = searchOpen(reading.time)
    if place.isFound {
      updateOpen(editor: &editor) { $1.replace(reading, in: &$0, at: place.position) }
      return .replaced
    }
    if place.isFull {
      let later = updateOpen(editor: &editor) { $1.splitHalf(of: &$0) }
      let isInLater = reading.time >= later.firstTime
      if !isInLater { insertInOpen(reading, editor: &editor) }
      sealOpen(editor: &editor)
      setOpen(later, change: nextChange())
      editor.unpersistedBytes += openUnpersistedBytes
      if isInLater { insertInOpen(reading, editor: &editor) }
    } else {
      insertInOpen(reading, editor: &editor)
    }
    return .inserted
  }

  private mutating func insertInOpen(_ reading: StoredReading, editor: inout BlockEditor) {
    updateOpen(editor: &editor) { $1.insert(reading, into: &$0, at: $0.search(reading.time).position) }
  }

  private mutating func placeInSealed(
    _ reading: StoredReading, owner: UInt32, editor: inout BlockEditor, unsealed: inout UnsealedBlocks
  ) -> Placement {
    let change = SealedChange(change: nextChange(), owner: owner)
    switch sealed.place(reading, change, editor: &editor, unsealed: &unsealed) {
    case .replaced, .unchanged:
      return .replaced
    case .inserted:
      sealedReadings += 1
    case .between(let index) where index == sealed.count && openCount > 0 && openCount < Block.maximumCapacity:
      updateOpen(editor: &editor) { $1.insert(reading, into: &$0, at: 0) }
    case .between(let index):
      sealed.place(reading, before: index, change, editor: &editor, unsealed: &unsealed)
      sealedReadings += 1
    }
    return .inserted
  }

  private mutating func placeInOverlay(
    _ reading: StoredReading, editor: inout BlockEditor, unsealed: inout UnsealedBlocks
  ) -> Placement {
    let change = SealedChange(change: nextChange(), owner: nil)
    switch overlay.place(reading, change, editor: &editor, unsealed: &unsealed) {
    case .replaced, .unchanged:
      return .replaced
    case .inserted:
      break
    case .between(let index):
      overlay.place(reading, before: index, change, editor: &editor, unsealed: &unsealed)
    }
    editor.overlayReadings += 1
    return .inserted
  }
}
