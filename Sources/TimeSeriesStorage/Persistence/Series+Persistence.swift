/// References to what a series has not persisted, to be encoded without the lock.
struct UnpersistedReferences: Sendable {
  struct Part: Sendable {
    var content: SealedContent
    var taken: PersistenceToken.Taken
  }

  var number: Int
  var device: String
  var metric: String
  var received: Int64
  var bytes: Int
  var parts: [Part] = []
  var overlay: [Part] = []
}

extension Series {
  /// Fills in what is not persisted.
  func addUnpersisted(to references: inout UnpersistedReferences) {
    references.parts = sealed.unpersisted
    references.overlay = overlay.unpersisted
    guard openCount > 0, !isOpenPersisted else { return }
    references.parts.append(
      .init(
        content: .block(open), taken: .init(firstTime: open.firstTime, change: openChange, count: Int(openCount))))
  }

  /// Whether more than the open block is not persisted.
  var hasUnpersistedChunks: Bool { unpersistedBytes > openUnpersistedBytes }

  /// Marks as persisted what is as it was when it was taken; says how many readings of the overlay that frees.
  mutating func didPersist(
    _ token: PersistenceToken, editor: inout BlockEditor, unsealed: inout UnsealedBlocks
  ) -> Int {
    for taken in token.entries {
      if openCount > 0, openChange == taken.change, Int(openCount) == taken.count {
        editor.unpersistedBytes -= openUnpersistedBytes
        synchronizeOpen()
        markOpenPersisted()
      } else {
        sealed.didPersist(taken, editor: &editor, unsealed: &unsealed)
      }
    }
    return token.overlay.isEmpty ? 0 : freeOverlay(token.overlay, editor: &editor)
  }

  private mutating func freeOverlay(_ taken: [PersistenceToken.Taken], editor: inout BlockEditor) -> Int {
    let changes = Set(taken.map(\.change))
    var freed = 0
    overlay.removeAll { entry in
      guard changes.contains(entry.change), case .block(let block) = entry.content,
        taken.contains(where: {
          $0.change == entry.change && $0.firstTime == entry.firstTime && $0.count == block.count
        })
      else { return false }
      editor.unpersistedBytes -= entry.unpersistedBytes
      editor.discard(block)
      freed += block.count
      return true
    }
    editor.overlayReadings -= freed
    return freed
  }
}

extension SealedList {
  fileprivate var unpersisted: [UnpersistedReferences.Part] {
    var parts: [UnpersistedReferences.Part] = []
    for index in 0..<count where !self[index].isPersisted {
      let entry = self[index]
      parts.append(
        .init(
          content: entry.content,
          taken: .init(firstTime: entry.firstTime, change: entry.change, count: entry.content.count)))
    }
    return parts
  }

  fileprivate mutating func didPersist(
    _ taken: PersistenceToken.Taken, editor: inout BlockEditor, unsealed: inout UnsealedBlocks
  ) {
    let index = index(beginningBy: taken.firstTime)
    guard index >= 0, self[index].firstTime == taken.firstTime, self[index].change == taken.change,
      self[index].content.count == taken.count
    else { return }
    editor.unpersistedBytes -= self[index].unpersistedBytes
    self[index].change = 0
    // It has rested since it was taken, and its chunk is there already.
    if case .block(let block) = self[index].content, let chunk = taken.encoded {
      exchange(at: index, for: editor.exchange(block, for: chunk), unsealed: &unsealed)
    }
  }
}
