/// Numbers side by side, as they are gathered in order of time.
package struct NumberColumns {
  private let block: Block

  package init(capacity: Int) { block = Block(capacity: capacity, kind: .number) }

  package var isEmpty: Bool { block.count == 0 }
  package var room: Int { block.capacity - block.count }

  /// Appends a number by the bit pattern of its double; there is room, and its time is behind all before.
  @inline(__always)
  package mutating func append(_ time: Int64, _ bits: UInt64) {
    append { times, numbers in
      times[0] = time
      numbers[0] = bits
      return 1
    }
  }

  /// Appends what `fill` writes into `room` places, of which it returns how many it used.
  package mutating func append(
    _ fill: (UnsafeMutableBufferPointer<Int64>, UnsafeMutableBufferPointer<UInt64>) -> Int
  ) {
    let values = (block.values + block.count * 8).assumingMemoryBound(to: UInt64.self)
    let used = fill(
      UnsafeMutableBufferPointer(start: block.times + block.count, count: room),
      UnsafeMutableBufferPointer(start: values, count: room))
    precondition(used <= room, "BUG: numbers beyond their columns")
    block.count += used
  }

  /// All of them; nil where there is none.
  package consuming func finish() -> ReadingColumns? {
    block.count == 0 ? nil : ReadingColumns(block, 0..<block.count)
  }
}
