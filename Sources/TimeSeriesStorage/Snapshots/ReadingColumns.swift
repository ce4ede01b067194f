/// Readings side by side, sorted by time, no time twice.
package struct ReadingColumns: Sendable {
  private let block: Block
  private let range: Range<Int>

  init(_ block: Block, _ range: Range<Int>) {
    self.block = block
    self.range = range
  }

  /// At least one reading, sorted by time, no time twice.
  package init(_ readings: [Reading]) {
    precondition(!readings.isEmpty, "BUG: columns of nothing")
    var kind = readings[0].value.columnKind
    for reading in readings { kind = kind.joined(with: reading.value.columnKind) }
    block = Block(capacity: readings.count, kind: kind)
    range = 0..<readings.count
    for reading in readings { block.insert(StoredReading(time: reading.time, value: reading.value), at: block.count) }
  }

  package var count: Int { range.count }

  /// Those at some positions.
  package func slice(_ positions: Range<Int>) -> ReadingColumns {
    ReadingColumns(block, range.lowerBound + positions.lowerBound..<range.lowerBound + positions.upperBound)
  }

  /// The times at `positions`, Unix milliseconds.
  package func withTimes<Result>(_ positions: Range<Int>, _ body: (UnsafeBufferPointer<Int64>) -> Result) -> Result {
    defer { withExtendedLifetime(block) {} }
    return body(
      UnsafeBufferPointer(start: block.times + range.lowerBound + positions.lowerBound, count: positions.count))
  }

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

  /// Those at times in a range.
  package func within(_ times: Range<Int64>) -> ReadingColumns {
    let start = position(notBefore: times.lowerBound, from: 0)
    let end = position(notBefore: times.upperBound, from: start)
    return ReadingColumns(block, range.lowerBound + start..<range.lowerBound + end)
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
