/// Changes the block in a variable and keeps account of the memory that takes or gives.
///
/// A block is exchanged for another where it has no room, cannot hold the reading's kind, or would change under a reader.
struct BlockEditor {
  /// Bytes of blocks and texts, as a difference.
  private(set) var bytes = 0
  /// Of `bytes`: texts.
  private(set) var textBytes = 0

  /// A new block with one reading.
  mutating func makeBlock(_ reading: StoredReading, capacity: Int) -> Block {
    let block = Block(capacity: capacity, kind: ColumnKind(reading.kind))
    block.insert(reading, at: 0)
    account(block, times: 1)
    return block
  }

  /// Puts a reading behind the block's last. A reader's range ends before that place, so a shared block needs no copy.
  mutating func append(_ reading: StoredReading, to block: inout Block) {
    if block.count == block.capacity || !block.accepts(reading.kind) { exchange(&block, for: reading.kind) }
    change(block) { $0.insert(reading, at: $0.count) }
  }

  /// Puts a reading before others; the block holds fewer than the most a block can.
  mutating func insert(_ reading: StoredReading, into block: inout Block, at position: Int) {
    if !isKnownUniquelyReferenced(&block) || block.count == block.capacity || !block.accepts(reading.kind) {
      exchange(&block, for: reading.kind)
    }
    change(block) { $0.insert(reading, at: position) }
  }

  mutating func replace(_ reading: StoredReading, in block: inout Block, at position: Int) {
    if !isKnownUniquelyReferenced(&block) || !block.accepts(reading.kind) {
      exchange(&block, for: reading.kind, capacity: block.capacity)
    }
    change(block) { $0.replace(reading, at: position) }
  }

  /// Takes the later half of the block's readings into a block of their own.
  mutating func splitHalf(of block: inout Block) -> Block {
    let middle = block.count / 2
    let later = block.copy(middle..<block.count, capacity: Block.maximumCapacity, kind: block.kind)
    account(later, times: 1)
    if !isKnownUniquelyReferenced(&block) { exchange(&block, for: nil, capacity: block.capacity) }
    change(block) { $0.truncate(to: middle) }
    return later
  }

  /// Keeps only the newest readings of the block, in a block of that capacity; says how many went.
  mutating func keepNewest(_ capacity: Int, of block: inout Block) -> Int {
    let removed = max(0, block.count - capacity)
    let kept = block.copy(removed..<block.count, capacity: capacity, kind: block.kind)
    account(block, times: -1)
    account(kept, times: 1)
    block = kept
    return removed
  }

  /// Accounts for a block that its series gives up.
  mutating func discard(_ block: Block) { account(block, times: -1) }

  /// A copy with room and the right columns in place of the block.
  private mutating func exchange(_ block: inout Block, for kind: PendingReading.Kind?, capacity: Int? = nil) {
    let isFull = block.count == block.capacity
    let capacity = capacity ?? (isFull ? Block.capacity(after: block.capacity) : block.capacity)
    let columns = kind.map { block.count == 0 ? ColumnKind($0) : block.kind.joined(with: ColumnKind($0)) }
    let copy = block.copy(0..<block.count, capacity: capacity, kind: columns ?? block.kind)
    account(block, times: -1)
    account(copy, times: 1)
    block = copy
  }

  private mutating func change(_ block: Block, _ body: (Block) -> Void) {
    account(block, times: -1)
    body(block)
    account(block, times: 1)
  }

  private mutating func account(_ block: Block, times: Int) {
    bytes += times * block.byteSize
    textBytes += times * block.textBytes
  }
}
