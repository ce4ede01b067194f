import Synchronization

/// Buckets of one series and level, in order of time, as bytes (docs/chunk-format.md): a chunk for each of their fields.
package struct RollupSegment: Sendable {
  /// Buckets of a segment that the archive writes, at most.
  package static let maximumCount = 512
  private static let format: UInt8 = 1

  /// The fields of a bucket, each a column.
  package enum Field: Int, CaseIterable, Sendable {
    case count, numbers, last, minimum, maximum, sum
  }

  /// Columns that have been decoded, by their field's number.
  private final class Decoded: Sendable {
    let columns = Mutex<[ReadingColumns?]>(Array(repeating: nil, count: Field.allCases.count))
  }

  private let bytes: [UInt8]
  /// By the field's number; empty where the column is that of another field.
  private var columns: [Range<Int>] = []
  private var decoded: Decoded?

  /// - Throws: where the bytes are no segment; what the columns hold is looked at when it is read.
  package init(_ bytes: [UInt8]) throws(ChunkFault) {
    self.bytes = bytes
    columns = try Self.withBuffer(bytes) { buffer throws(ChunkFault) in
      var reader = HeaderReader(buffer)
      let format = try reader.byte()
      guard format == Self.format else { throw .unknownFormat(format) }
      var lengths: [Int] = []
      for _ in Field.allCases {
        guard let length = Int(exactly: try reader.number()), length <= buffer.count else {
          throw .damaged("a column longer than its segment")
        }
        lengths.append(length)
      }
      var start = reader.offset
      var columns: [Range<Int>] = []
      for length in lengths {
        columns.append(start..<start + length)
        start += length
      }
      guard start == buffer.count, lengths[0] > 0, lengths[Field.last.rawValue] > 0 else {
        throw .damaged("columns of \(start) bytes in a segment of \(buffer.count)")
      }
      return columns
    }
  }

  /// A column: the starts of the buckets as times.
  package func column(_ field: Field) throws(ChunkFault) -> ReadingColumns {
    if let found = decoded?.columns.withLock({ $0[field.rawValue] }) { return found }
    let block = try withColumn(field) { bytes throws(ChunkFault) in try Chunk.decode(bytes) }
    let column = ReadingColumns(block, 0..<block.count)
    decoded?.columns.withLock { $0[field.rawValue] = column }
    return column
  }

  /// The same segment, which decodes each of its columns only once.
  package func keepingColumns() -> RollupSegment {
    var segment = self
    segment.decoded = Decoded()
    return segment
  }

  /// Bytes of memory that it takes where it keeps its columns, of which a question needs two at most.
  package var cachedBytes: Int { 256 + bytes.count + 2 * Block.fixedBytes(capacity: Self.maximumCount, kind: .number) }

  /// The number that a column has in all its places; nil where they differ. Said by the column's header.
  package func constant(_ field: Field) throws(ChunkFault) -> Double? {
    let summary = try withColumn(field) { bytes throws(ChunkFault) in try ChunkHeader.read(bytes).header.summary }
    return summary.minimum == summary.maximum ? summary.minimum : nil
  }

  private func withColumn<Result>(
    _ field: Field, _ body: (UnsafeRawBufferPointer) throws(ChunkFault) -> Result
  ) throws(ChunkFault) -> Result {
    var range = columns[field.rawValue]
    if range.isEmpty { range = columns[(field == .numbers ? Field.count : .last).rawValue] }
    return try Self.withBuffer(bytes) { buffer throws(ChunkFault) in
      try body(UnsafeRawBufferPointer(rebasing: buffer[range]))
    }
  }

  /// All buckets.
  package func rollups() throws(ChunkFault) -> [Rollup] {
    var all: [ReadingColumns] = []
    for field in Field.allCases { all.append(try column(field)) }
    let (counts, numbers, last) = (all[0], all[1], all[2])
    guard all.allSatisfy({ $0.count == counts.count }) else { throw .damaged("columns of different lengths") }
    return (0..<counts.count).map { place in
      Rollup(
        start: counts.time(at: place), count: Int(counts.number(at: place)), numbers: Int(numbers.number(at: place)),
        minimum: all[3].extreme(at: place), maximum: all[4].extreme(at: place), sum: all[5].number(at: place),
        last: last.value(at: place))
    }
  }

  private static func withBuffer<Result>(
    _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(ChunkFault) -> Result
  ) throws(ChunkFault) -> Result {
    try bytes.withUnsafeBytes { buffer in
      Swift.Result { () throws(ChunkFault) in try body(buffer) }
    }.get()
  }
}

extension ReadingColumns {
  /// A field that is a number.
  package func number(at place: Int) -> Double {
    if case .number(let number) = value(at: place) { return number }
    return 0
  }

  /// A field that is a number, or not there.
  package func extreme(at place: Int) -> Double? {
    let number = number(at: place)
    return number.isNaN ? nil : number
  }
}

// MARK: Encoding

extension RollupSegment {
  /// The bytes of buckets, at least one, in order of time.
  package static func encode(_ rollups: some RandomAccessCollection<Rollup>) -> [UInt8] {
    let last = lastColumn(rollups)
    let counts = column(rollups) { Double($0.count) }
    var columns: [[UInt8]] = [chunk(counts), [], chunk(last), [], [], []]
    func add(_ field: Field, unlike other: Block, _ value: (Rollup) -> Double) {
      let block = column(rollups, value)
      if !block.hasValues(of: other) { columns[field.rawValue] = chunk(block) }
    }
    add(.numbers, unlike: counts) { Double($0.numbers) }
    add(.minimum, unlike: last) { $0.minimum ?? .nan }
    add(.maximum, unlike: last) { $0.maximum ?? .nan }
    add(.sum, unlike: last) { $0.sum }
    var bytes = [format]
    for column in columns { VariableLength.write(UInt64(column.count), to: &bytes) }
    for column in columns { bytes += column }
    return bytes
  }

  /// A column of buckets that are no segment.
  static func column(_ field: Field, of rollups: [Rollup]) -> ReadingColumns {
    let block =
      switch field {
      case .count: column(rollups) { Double($0.count) }
      case .numbers: column(rollups) { Double($0.numbers) }
      case .last: lastColumn(rollups)
      case .minimum: column(rollups) { $0.minimum ?? .nan }
      case .maximum: column(rollups) { $0.maximum ?? .nan }
      case .sum: column(rollups) { $0.sum }
      }
    return ReadingColumns(block, 0..<block.count)
  }

  private static func chunk(_ block: Block) -> [UInt8] { Chunk.encode(block, 0..<block.count).bytes }

  private static func column(
    _ rollups: some RandomAccessCollection<Rollup>, _ value: (Rollup) -> Double
  ) -> Block {
    let block = Block(capacity: rollups.count, kind: .number)
    for rollup in rollups {
      block.insert(
        StoredReading(time: rollup.start, bits: value(rollup).bitPattern, kind: .number), at: block.count)
    }
    return block
  }

  private static func lastColumn(_ rollups: some RandomAccessCollection<Rollup>) -> Block {
    var kind: ColumnKind?
    for rollup in rollups { kind = kind?.joined(with: rollup.last.columnKind) ?? rollup.last.columnKind }
    let block = Block(capacity: rollups.count, kind: kind ?? .number)
    for rollup in rollups {
      block.insert(StoredReading(time: rollup.start, value: rollup.last), at: block.count)
    }
    return block
  }
}

extension Block {
  /// Whether both are numbers, bit for bit the same.
  fileprivate func hasValues(of other: Block) -> Bool {
    kind == .number && other.kind == .number && count == other.count
      && (0..<count).allSatisfy { bits(at: $0) == other.bits(at: $0) }
  }
}

extension Value {
  var columnKind: ColumnKind {
    switch self {
    case .number: .number
    case .boolean: .boolean
    case .text: .text
    }
  }
}

extension StoredReading {
  init(time: Int64, value: Value) {
    switch value {
    case .number(let number): self.init(time: time, bits: number.bitPattern, kind: .number)
    case .boolean(let boolean): self.init(time: time, bits: boolean ? 1 : 0, kind: .boolean)
    case .text(let text): self.init(time: time, text: text)
    }
  }
}
