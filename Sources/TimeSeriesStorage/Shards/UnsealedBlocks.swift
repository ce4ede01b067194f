/// The sealed blocks of a shard that lie raw, because late readings came to them, and which of them has rested longest.
///
/// A clock with a second chance stands for the order of touching: constant time, and no list to keep.
struct UnsealedBlocks {
  /// Where a block stands.
  struct Place: Equatable {
    var index: Int32
  }

  /// How to find a block: its series' number, and the time of a reading in it.
  struct Block {
    var series: UInt32
    var time: Int64
  }

  private var blocks: [(block: Block, isTouched: Bool)?] = []
  private var free: [Int32] = []
  private var hand = 0

  var count: Int { blocks.count - free.count }

  mutating func add(_ block: Block) -> Place {
    if let index = free.popLast() {
      blocks[Int(index)] = (block, true)
      return Place(index: index)
    }
    blocks.append((block, true))
    return Place(index: Int32(truncatingIfNeeded: blocks.count - 1))
  }

  mutating func touch(_ place: Place) { blocks[Int(place.index)]?.isTouched = true }

  mutating func remove(_ place: Place) {
    precondition(blocks[Int(place.index)] != nil, "BUG: a raw block removed twice")
    blocks[Int(place.index)] = nil
    free.append(place.index)
    if free.count == blocks.count { self = UnsealedBlocks() }
  }

  /// One that was not touched for a whole turn of the hand; nil where there is none at all.
  mutating func longestRested() -> Block? {
    guard count > 0 else { return nil }
    while true {
      hand = (hand + 1) % blocks.count
      guard let (block, isTouched) = blocks[hand] else { continue }
      if !isTouched { return block }
      blocks[hand]?.isTouched = false
    }
  }
}
