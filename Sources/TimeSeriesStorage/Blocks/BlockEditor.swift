/// Changes the block in a variable, or makes chunks and blocks of one another, and keeps account of the memory that takes
/// or gives.
///
/// A block is exchanged for another where it has no room, cannot hold the reading's kind, or would change under a reader.
struct BlockEditor {
  /// Bytes of chunks, blocks and texts, as a difference; so are the others.
  private(set) var bytes = 0
  /// Of `bytes`: texts of blocks.
  private(set) var textBytes = 0
  /// Of `bytes`: chunks.
  private(set) var chunkBytes = 0
  private(set) var chunks = 0
  /// Of `bytes`: what is not persisted. The series' matter, which alone knows.
  var unpersistedBytes = 0
  var overlayReadings = 0

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
    let later = block.copy(
      middle..<block.count, capacity: max(Block.maximumCapacity, block.count - middle), kind: block.kind)
    account(later, times: 1)
    if !isKnownUniquelyReferenced(&block) { exchange(&block, for: nil, capacity: block.capacity) }
    change(block) { $0.truncate(to: middle) }
    return later
  }

  /// Accounts for a block that its series gives up.
  mutating func discard(_ block: Block) { account(block, times: -1) }

  mutating func discard(_ chunk: Chunk) { account(chunk, times: -1) }

  /// Accounts for what comes from elsewhere.
  mutating func take(_ block: Block) { account(block, times: 1) }

  mutating func take(_ chunk: Chunk) { account(chunk, times: 1) }

  /// The block's readings as a chunk, in place of the block.
  mutating func seal(_ block: Block) -> Chunk { exchange(block, for: Chunk.encode(block, 0..<block.count)) }

  mutating func exchange(_ block: Block, for chunk: Chunk) -> Chunk {
    account(block, times: -1)
    account(chunk, times: 1)
    return chunk
  }

  /// The chunk's readings as a block with room for one more, in place of the chunk.
  mutating func unseal(_ chunk: Chunk) -> Block {
    let block = chunk.decodeOwn(capacity: Block.capacity(for: chunk.count + 1))
    account(chunk, times: -1)
    account(block, times: 1)
    return block
  }

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

  private mutating func account(_ chunk: Chunk, times: Int) {
    bytes += times * chunk.byteSize
    chunkBytes += times * chunk.byteSize
    chunks += times
  }

  private mutating func account(_ block: Block, times: Int) {
    bytes += times * block.byteSize
    textBytes += times * block.textBytes
  }
}
