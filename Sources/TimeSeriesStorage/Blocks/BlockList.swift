/// The sealed blocks of a series, in order of time.
///
/// An array with free places in front, so that evicting the oldest block and receiving history backwards both cost a
/// constant time a block. First times stand beside the references: a search does not touch the blocks.
struct BlockList {
  struct Entry {
    var firstTime: Int64
    var block: Block
  }

  private var entries: [Entry] = []
  /// Places in front that hold no block.
  private var head = 0

  var count: Int { entries.count - head }
  var isEmpty: Bool { count == 0 }
  /// The oldest reading's time.
  var firstTime: Int64? { isEmpty ? nil : entries[head].firstTime }

  subscript(index: Int) -> Block { entries[head + index].block }

  func firstTime(at index: Int) -> Int64 { entries[head + index].firstTime }

  /// The index of the last block that begins at `time` or before; -1 if there is none.
  func index(beginningBy time: Int64) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if entries[head + middle].firstTime <= time { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }

  /// Where a time belongs in a block, without keeping a reference that would make the block look shared.
  func search(_ time: Int64, at index: Int) -> BlockSearch { entries[head + index].block.search(time) }

  mutating func append(_ block: Block) {
    entries.append(Entry(firstTime: block.firstTime, block: block))
  }

  mutating func insert(_ block: Block, at index: Int) {
    if index == 0 {
      if head == 0 {
        let places = max(4, entries.count / 2)
        entries.insert(contentsOf: repeatElement(Entry(firstTime: .min, block: .none), count: places), at: 0)
        head = places
      }
      head -= 1
      entries[head] = Entry(firstTime: block.firstTime, block: block)
    } else {
      entries.insert(Entry(firstTime: block.firstTime, block: block), at: head + index)
    }
  }

  mutating func removeFirst() -> Block {
    let block = entries[head].block
    entries[head] = Entry(firstTime: .min, block: .none)
    head += 1
    if head == entries.count {
      entries = []
      head = 0
    } else if head >= 32, head * 2 >= entries.count {
      entries.removeFirst(head)
      head = 0
    }
    return block
  }

  /// Changes a block in place: `body` may exchange it for another; its first time is noted anew.
  mutating func update<Result>(at index: Int, _ body: (inout Block) -> Result) -> Result {
    let result = body(&entries[head + index].block)
    entries[head + index].firstTime = entries[head + index].block.firstTime
    return result
  }
}
