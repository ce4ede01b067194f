/// Sums readings up, which come in order of time.
package struct RollupBuilder {
  private let level: RollupLevel
  private var rollups: [Rollup] = []
  /// The sum of the last of `rollups`.
  private var sum = CompensatedSum()
  /// Where the last of them ends.
  private var end = Int64.min

  package init(_ level: RollupLevel) { self.level = level }

  /// What came, in order of time.
  package consuming func finish() -> [Rollup] {
    closeLast()
    return rollups
  }

  /// Adds the readings of a snapshot, or of a part of it.
  package mutating func add(_ snapshot: SeriesSnapshot) throws(ArchiveError) {
    for part in snapshot.parts { add(try part.columns()) }
  }

  /// Adds those of a stored chunk's readings that lie in a range.
  package mutating func add(_ chunk: ArchivedChunk, in range: Range<Int64>) throws(ChunkFault) {
    let block = try Chunk.make(chunk.bytes).decode()
    add(ReadingColumns(block, 0..<block.count).within(range))
  }

  package mutating func add(_ columns: ReadingColumns) {
    var position = 0
    while position < columns.count {
      begin(columns.time(at: position))
      // The last bucket of all time has no end that a time could reach.
      let runEnd = end == .max ? columns.count : columns.position(notBefore: end, from: position)
      add(columns, position..<runEnd)
      position = runEnd
    }
  }

  /// Adds a bucket of a finer level.
  package mutating func add(_ finer: Rollup) {
    begin(finer.start)
    let place = rollups.count - 1
    rollups[place].count += finer.count
    rollups[place].numbers += finer.numbers
    rollups[place].take(minimum: finer.minimum, maximum: finer.maximum)
    rollups[place].last = finer.last
    sum.add(finer.sum)
  }

  private mutating func begin(_ time: Int64) {
    guard rollups.isEmpty || (time >= end && end != .max) else { return }
    closeLast()
    sum = CompensatedSum()
    end = level.end(of: time)
    rollups.append(
      Rollup(
        start: level.start(of: time), count: 0, numbers: 0, minimum: nil, maximum: nil, sum: 0, last: .boolean(false)))
  }

  private mutating func closeLast() {
    if !rollups.isEmpty { rollups[rollups.count - 1].sum = sum.total }
  }

  private mutating func add(_ columns: ReadingColumns, _ positions: Range<Int>) {
    let place = rollups.count - 1
    rollups[place].count += positions.count
    rollups[place].last = columns.value(at: positions.upperBound - 1)
    if columns.withNumbers(positions, { add($0) }) { return }
    for position in positions {
      switch columns.value(at: position) {
      case .number(let number): add(CollectionOfOne(number.bitPattern))
      case .boolean(let boolean): add(CollectionOfOne((boolean ? 1.0 : 0).bitPattern))
      case .text: break
      }
    }
  }

  private mutating func add(_ patterns: some Collection<UInt64>) {
    var minimum = Double.infinity
    var maximum = -Double.infinity
    var hasNumber = false
    for pattern in patterns {
      let number = Double(bitPattern: pattern)
      // `min` and `max` of the language would let a NaN win.
      if number < minimum { minimum = number }
      if number > maximum { maximum = number }
      hasNumber = hasNumber || !number.isNaN
      sum.add(number)
    }
    let place = rollups.count - 1
    rollups[place].numbers += patterns.count
    if hasNumber { rollups[place].take(minimum: minimum, maximum: maximum) }
  }
}

extension Rollup {
  fileprivate mutating func take(minimum: Double?, maximum: Double?) {
    if let minimum, minimum < self.minimum ?? .infinity || self.minimum == nil { self.minimum = minimum }
    if let maximum, maximum > self.maximum ?? -.infinity || self.maximum == nil { self.maximum = maximum }
  }
}
