/// Readings of blocks one after the other, each list of blocks sorted and without overlap.
struct BlockCursor {
  private let blocks: [Block]
  private var index = 0
  private var position = 0

  init(_ blocks: [Block]) {
    self.blocks = blocks.filter { $0.count > 0 }
  }

  var time: Int64? { index < blocks.count ? blocks[index].time(at: position) : nil }

  /// The reading it stands at, with a reference of its own to a text; goes on behind it.
  mutating func take() -> StoredReading {
    defer { skip() }
    return blocks[index].reading(at: position)
  }

  mutating func skip() {
    position += 1
    guard position == blocks[index].count else { return }
    position = 0
    index += 1
  }
}

enum BlockMerge {
  /// All readings in blocks of so many, at most `Block.maximumCapacity`; of two with the same time the overlay's.
  static func merged(
    stored: [Block], overlay: [Block], readingsOfBlock: Int = Block.maximumCapacity
  ) -> [Block] {
    var stored = BlockCursor(stored)
    var overlay = BlockCursor(overlay)
    var blocks: [Block] = []
    var editor = BlockEditor()
    while let reading = next(&stored, &overlay) {
      if let last = blocks.indices.last, blocks[last].count < readingsOfBlock {
        editor.append(reading, to: &blocks[last])
      } else {
        blocks.append(editor.makeBlock(reading, capacity: Block.maximumCapacity / 4))
      }
    }
    return blocks
  }

  private static func next(_ stored: inout BlockCursor, _ overlay: inout BlockCursor) -> StoredReading? {
    guard let late = overlay.time else { return stored.time == nil ? nil : stored.take() }
    guard let time = stored.time, time <= late else { return overlay.take() }
    guard time == late else { return stored.take() }
    stored.skip()
    return overlay.take()
  }
}
