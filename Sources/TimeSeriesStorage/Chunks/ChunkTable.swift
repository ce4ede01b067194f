/// What the values of a chunk of texts, or of more than one kind, stand for (docs/chunk-format.md).
struct ChunkTable {
  /// The kind of each reading, of mixed ones only.
  var kinds: [UInt8] = []
  /// Every text once; a text's value in the chunk is its index.
  var texts: [String] = []

  func write(to bytes: inout [UInt8], kind: ColumnKind) {
    if kind == .mixed { writeRuns(to: &bytes) }
    VariableLength.write(UInt64(texts.count), to: &bytes)
    for text in texts {
      VariableLength.write(UInt64(text.utf8.count), to: &bytes)
      bytes.append(contentsOf: text.utf8)
    }
  }

  private func writeRuns(to bytes: inout [UInt8]) {
    var start = 0
    while start < kinds.count {
      let end = kinds[start...].firstIndex { $0 != kinds[start] } ?? kinds.count
      VariableLength.write(UInt64(end - start) << 2 | UInt64(kinds[start]), to: &bytes)
      start = end
    }
  }

  /// Reads the table of a chunk of that kind, behind its header; says at which byte the bits begin.
  static func read(
    _ bytes: UnsafeRawBufferPointer, fromByte offset: Int, kind: ColumnKind, count: Int
  ) throws(ChunkFault) -> (table: ChunkTable, end: Int) {
    var table = ChunkTable()
    guard kind == .text || kind == .mixed else { return (table, offset) }
    var reader = HeaderReader(bytes, fromByte: offset)
    if kind == .mixed { try table.readRuns(&reader, count: count) }
    let texts = try reader.number()
    guard texts <= UInt64(count) else { throw .damaged("\(texts) texts of \(count) readings") }
    for _ in 0..<texts { table.texts.append(try reader.text(count: try reader.number())) }
    return (table, reader.offset)
  }

  private mutating func readRuns(_ reader: inout HeaderReader, count: Int) throws(ChunkFault) {
    kinds.reserveCapacity(count)
    while kinds.count < count {
      let run = try reader.number()
      guard run >> 2 > 0, run >> 2 <= UInt64(count - kinds.count), run & 3 != 3 else {
        throw .damaged("a run of kinds")
      }
      kinds.append(contentsOf: repeatElement(UInt8(run & 3), count: Int(run >> 2)))
    }
  }
}
