extension Series {
  /// Open blocks of more capacity than this are worth a chunk of their own when memory is short.
  static let capacityWorthSealing = 16

  var isOpenWorthSealing: Bool { openCount > 0 && Int(openCapacity) > Self.capacityWorthSealing }

  /// Whether the oldest sealed entry may go: with an archive only when it is persisted.
  func isOldestEvictable(isArchived: Bool) -> Bool {
    guard !sealed.isEmpty else { return false }
    // Behind the last millisecond of all there is none that memory could begin with.
    return !isArchived || (sealed[0].isPersisted && sealed[0].content.lastTime < .max)
  }

  /// Whether the open block, then the last that the series has, may go.
  func isOpenEvictable(isArchived: Bool) -> Bool {
    guard sealed.isEmpty, openCount > 0 else { return false }
    return !isArchived || (isOpenPersisted && lastTime < .max)
  }

  /// Whether there is anything to evict or to make smaller.
  func isEvictable(isArchived: Bool) -> Bool {
    isOldestEvictable(isArchived: isArchived) || isOpenEvictable(isArchived: isArchived) || isOpenWorthSealing
  }

  /// Gives up the oldest sealed entry; says how many readings went.
  mutating func evictOldest(isArchived: Bool, editor: inout BlockEditor, unsealed: inout UnsealedBlocks) -> Int {
    let entry = sealed.removeFirst()
    switch entry.content {
    case .chunk(let chunk): editor.discard(chunk)
    case .block(let block): editor.discard(block)
    }
    if let place = entry.place { unsealed.remove(place) }
    editor.unpersistedBytes -= entry.unpersistedBytes
    sealedReadings -= entry.content.count
    if isArchived { residentFrom = entry.content.lastTime + 1 }
    return entry.content.count
  }

  /// Gives up sealed entries whose newest reading is before `time`.
  mutating func evict(
    before time: Int64, isArchived: Bool, editor: inout BlockEditor, unsealed: inout UnsealedBlocks
  ) -> Int {
    var evicted = 0
    while isOldestEvictable(isArchived: isArchived), sealed[0].content.lastTime < time {
      evicted += evictOldest(isArchived: isArchived, editor: &editor, unsealed: &unsealed)
    }
    return evicted
  }

  /// Gives up the open block, the last that the series has; only its newest reading is remembered.
  mutating func evictOpen(isArchived: Bool, editor: inout BlockEditor) -> Int {
    let (block, change) = takeOpen()
    if change != 0 { editor.unpersistedBytes -= block.byteSize }
    if isArchived { residentFrom = block.lastTime + 1 }
    editor.discard(block)
    return block.count
  }
}
