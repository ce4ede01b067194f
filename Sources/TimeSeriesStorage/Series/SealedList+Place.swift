/// What a list of sealed entries needs to change one of them.
struct SealedChange {
  /// The number of the change (`Series.nextChange()`).
  var change: UInt32
  /// The series' number in its shard; nil in an overlay, whose blocks stay raw.
  var owner: UInt32?
}

extension SealedList {
  enum LatePlacement: Equatable {
    case replaced, inserted, unchanged
    /// No entry takes it: it belongs before the one of that index, alone or with that one.
    case between(Int)
  }

  /// Puts a reading into the entry it falls into, or behind the last reading of one with room.
  mutating func place(
    _ reading: StoredReading, _ change: SealedChange, editor: inout BlockEditor, unsealed: inout UnsealedBlocks
  ) -> LatePlacement {
    let index = index(beginningBy: reading.time)
    guard index >= 0 else { return .between(0) }
    let extent = extent(at: index, reading.time)
    if extent.isBefore, extent.isFull { return .between(index + 1) }
    let result = self.change(at: index, change, editor: &editor, unsealed: &unsealed) { block, editor in
      let place = block.search(reading.time)
      if place.isFound {
        // What is sent twice changes nothing, and need not be written again.
        guard !block.isSame(reading, at: place.position) else { return Outcome(placement: .unchanged) }
        editor.replace(reading, in: &block, at: place.position)
        return Outcome(placement: .replaced)
      }
      guard place.isFull else {
        editor.insert(reading, into: &block, at: place.position)
        return Outcome(placement: .inserted)
      }
      let later = editor.splitHalf(of: &block)
      if later.firstTime <= reading.time {
        var half = later
        editor.insert(reading, into: &half, at: half.search(reading.time).position)
        return Outcome(placement: .inserted, later: half)
      }
      editor.insert(reading, into: &block, at: block.search(reading.time).position)
      return Outcome(placement: .inserted, later: later)
    }
    if let later = result.later { add(later, at: index + 1, change, editor: &editor, unsealed: &unsealed) }
    return result.placement
  }

  /// Puts a reading before the entry of that index: into it where it has room, else into a block of its own.
  mutating func place(
    _ reading: StoredReading, before index: Int, _ change: SealedChange, editor: inout BlockEditor,
    unsealed: inout UnsealedBlocks
  ) {
    if index < count, !extent(at: index, reading.time).isFull {
      self.change(at: index, change, editor: &editor, unsealed: &unsealed) { block, editor in
        editor.insert(reading, into: &block, at: 0)
        return Outcome(placement: .inserted)
      }
    } else {
      add(
        editor.makeBlock(reading, capacity: Block.capacity(after: 0)), at: index, change, editor: &editor,
        unsealed: &unsealed)
    }
  }

  /// Makes a chunk of an entry's block.
  mutating func seal(at index: Int, editor: inout BlockEditor, unsealed: inout UnsealedBlocks) {
    guard case .block(let block) = self[index].content else { return }
    editor.unpersistedBytes -= self[index].unpersistedBytes
    exchange(at: index, for: editor.seal(block), unsealed: &unsealed)
    editor.unpersistedBytes += self[index].unpersistedBytes
  }

  /// Puts a chunk, accounted for, in place of an entry's block.
  mutating func exchange(at index: Int, for chunk: Chunk, unsealed: inout UnsealedBlocks) {
    self[index].content = .chunk(chunk)
    if let place = self[index].place { unsealed.remove(place) }
    self[index].place = nil
  }

  private mutating func add(
    _ block: Block, at index: Int, _ change: SealedChange, editor: inout BlockEditor, unsealed: inout UnsealedBlocks
  ) {
    var entry = SealedEntry(firstTime: block.firstTime, content: .block(block), change: change.change, place: nil)
    if let owner = change.owner { entry.place = unsealed.add(.init(series: owner, time: block.firstTime)) }
    editor.unpersistedBytes += entry.unpersistedBytes
    insert(entry, at: index)
  }

  private struct Outcome {
    var placement: LatePlacement
    /// The later half of a block that was full.
    var later: Block?
  }

  @discardableResult
  private mutating func change(
    at index: Int, _ change: SealedChange, editor: inout BlockEditor, unsealed: inout UnsealedBlocks,
    _ body: (inout Block, inout BlockEditor) -> Outcome
  ) -> Outcome {
    editor.unpersistedBytes -= self[index].unpersistedBytes
    let outcome = update(at: index, editor: &editor, body)
    if outcome.placement != .unchanged { self[index].change = change.change }
    if let place = self[index].place {
      unsealed.touch(place)
    } else if let owner = change.owner {
      self[index].place = unsealed.add(.init(series: owner, time: self[index].firstTime))
    }
    editor.unpersistedBytes += self[index].unpersistedBytes
    // History that comes backwards fills a block and is done with it.
    if change.owner != nil, outcome.placement == .inserted, self[index].content.count == Block.maximumCapacity {
      seal(at: index, editor: &editor, unsealed: &unsealed)
    }
    return outcome
  }
}
