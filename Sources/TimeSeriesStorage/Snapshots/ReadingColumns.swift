/// Readings side by side, sorted by time, no time twice.
package struct ReadingColumns: Sendable {
  private let block: Block
  private let range: Range<Int>

  init(_ block: Block, _ range: Range<Int>) {
    self.block = block
    self.range = range
  }

  package var count: Int { range.count }

  package func time(at position: Int) -> Int64 { block.time(at: range.lowerBound + position) }
  package func value(at position: Int) -> Value { block.value(at: range.lowerBound + position) }

  /// The first position of `start...` whose time is not before `time`; `count` if there is none.
  package func position(notBefore time: Int64, from start: Int) -> Int {
    var low = range.lowerBound + start
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      if block.time(at: middle) < time { low = middle + 1 } else { high = middle }
    }
    return low - range.lowerBound
  }

  /// The bit patterns of doubles at `positions`; nil where the readings are not all numbers.
  package func withNumbers(_ positions: Range<Int>, _ body: (UnsafeBufferPointer<UInt64>) -> Void) -> Bool {
    guard block.kind == .number else { return false }
    defer { withExtendedLifetime(block) {} }
    let values = UnsafeRawPointer(block.values).assumingMemoryBound(to: UInt64.self)
    body(UnsafeBufferPointer(start: values + range.lowerBound + positions.lowerBound, count: positions.count))
    return true
  }
}
