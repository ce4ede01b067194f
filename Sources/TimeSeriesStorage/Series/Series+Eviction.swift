extension Series {
  /// Gives up the oldest sealed block; says how many readings went.
  mutating func evictOldest(editor: inout BlockEditor) -> Int {
    let block = sealed.removeFirst()
    editor.discard(block)
    sealedReadings -= block.count
    return block.count
  }

  /// Gives up sealed blocks whose newest reading is before `time`.
  mutating func evict(before time: Int64, editor: inout BlockEditor) -> Int {
    var evicted = 0
    while !sealed.isEmpty, sealed[0].lastTime < time { evicted += evictOldest(editor: &editor) }
    return evicted
  }

  /// Makes the open block smaller, down to its newest readings; says how many went.
  mutating func shrinkOpen(editor: inout BlockEditor) -> Int {
    synchronizeOpen()
    let capacity = Int(openCapacity) / 4
    return updateOpen { editor.keepNewest(capacity, of: &$0) }
  }

  /// Gives up the open block, the last that the series has; it is empty then.
  mutating func evictOpen(editor: inout BlockEditor) -> Int {
    synchronizeOpen()
    return updateOpen { open in
      let evicted = open.count
      editor.discard(open)
      open = .none
      return evicted
    }
  }
}
