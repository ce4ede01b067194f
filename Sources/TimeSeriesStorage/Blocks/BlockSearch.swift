/// Where a time belongs in a block.
struct BlockSearch {
  /// The first position whose time is not before the one searched.
  var position: Int
  /// Whether that position has exactly the time searched.
  var isFound: Bool
  /// Whether every reading is before the time searched.
  var isBehindAll: Bool
  /// Whether the block holds as many readings as a block can.
  var isFull: Bool
}

extension Block {
  func search(_ time: Int64) -> BlockSearch {
    let position = position(notBefore: time, end: count)
    return BlockSearch(
      position: position, isFound: position < count && times[position] == time, isBehindAll: position == count,
      isFull: count >= Block.maximumCapacity)
  }
}
