/// Chunks and blocks of a series, in order of time.
///
/// An array with free places in front, so that evicting the oldest and receiving history backwards both cost a constant
/// time an entry. First times stand beside the references: a search does not touch what they refer to.
struct SealedList {
  private var entries: [SealedEntry] = []
  /// Places in front that hold nothing.
  private var head = 0

  var count: Int { entries.count - head }
  var isEmpty: Bool { count == 0 }
  /// The oldest reading's time.
  var firstTime: Int64? { isEmpty ? nil : entries[head].firstTime }

  subscript(index: Int) -> SealedEntry {
    get { entries[head + index] }
    set { entries[head + index] = newValue }
  }

  func firstTime(at index: Int) -> Int64 { entries[head + index].firstTime }

  /// The index of the last entry that begins at `time` or before; -1 if there is none.
  func index(beginningBy time: Int64) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if entries[head + middle].firstTime <= time { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }

  /// Whether the entry's readings are all before `time`, and whether there are as many as a block can hold.
  func extent(at index: Int, _ time: Int64) -> (isBefore: Bool, isFull: Bool) {
    let content = entries[head + index].content
    return (content.lastTime < time, content.count >= Block.maximumCapacity)
  }

  mutating func append(_ entry: SealedEntry) { entries.append(entry) }

  mutating func insert(_ entry: SealedEntry, at index: Int) {
    if index == 0 {
      if head == 0 {
        let places = max(4, entries.count / 2)
        entries.insert(contentsOf: repeatElement(.none, count: places), at: 0)
        head = places
      }
      head -= 1
      entries[head] = entry
    } else {
      entries.insert(entry, at: head + index)
    }
  }

  mutating func removeFirst() -> SealedEntry {
    let entry = entries[head]
    entries[head] = .none
    head += 1
    if head == entries.count {
      entries = []
      head = 0
    } else if head >= 32, head * 2 >= entries.count {
      entries.removeFirst(head)
      head = 0
    }
    return entry
  }

  mutating func removeLast() -> SealedEntry {
    let entry = entries.removeLast()
    if head == entries.count { self = SealedList() }
    return entry
  }

  mutating func removeAll(where isRemoved: (SealedEntry) -> Bool) {
    entries.removeFirst(head)
    head = 0
    entries.removeAll(where: isRemoved)
  }

  /// Changes an entry's block in place: `body` may exchange it for another. A chunk is decoded first.
  mutating func update<Result>(
    at index: Int, editor: inout BlockEditor, _ body: (inout Block, inout BlockEditor) -> Result
  ) -> Result {
    let place = head + index
    var block: Block
    switch entries[place].content {
    case .chunk(let chunk): block = editor.unseal(chunk)
    case .block(let held): block = held
    }
    // The list lets go of it, so that it does not look shared.
    entries[place].content = .block(.none)
    let result = body(&block, &editor)
    entries[place].firstTime = block.firstTime
    entries[place].content = .block(block)
    return result
  }
}
