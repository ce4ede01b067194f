/// Readings of one series as the bytes of a chunk (docs/chunk-format.md), sized exactly. Never changes.
///
/// `@unchecked`: the memory is written in `init` only.
@safe
final class Chunk: @unchecked Sendable {
  private let memory: UnsafeMutableRawPointer
  private let byteCount: Int32
  private let readingCount: Int32
  /// Unix milliseconds.
  let firstTime: Int64
  let lastTime: Int64

  /// Copies the bytes, of which only the header is looked at.
  init(_ bytes: UnsafeRawBufferPointer) throws(ChunkFault) {
    let summary = try ChunkHeader.read(bytes).header.summary
    guard let byteCount = Int32(exactly: bytes.count) else { throw .damaged("\(bytes.count) bytes") }
    memory = .allocate(byteCount: bytes.count, alignment: 8)
    UnsafeMutableRawBufferPointer(start: memory, count: bytes.count).copyMemory(from: bytes)
    self.byteCount = byteCount
    readingCount = Int32(truncatingIfNeeded: summary.count)
    firstTime = summary.firstTime
    lastTime = summary.lastTime
  }

  deinit { memory.deallocate() }

  var count: Int { Int(readingCount) }

  /// Bytes of memory: the chunk's, this object, and the allocator's own headers.
  var byteSize: Int { 64 + 16 + (Int(byteCount) + 15) / 16 * 16 }

  /// The bytes, valid until `body` returns.
  func withBytes<Success>(
    _ body: (UnsafeRawBufferPointer) throws(ChunkFault) -> Success
  ) throws(ChunkFault) -> Success {
    // The chunk would else be free to go after the last mention of it.
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeRawBufferPointer(start: memory, count: Int(byteCount)))
  }

  var bytes: [UInt8] {
    defer { withExtendedLifetime(self) {} }
    return Array(UnsafeRawBufferPointer(start: memory, count: Int(byteCount)))
  }
}

extension Chunk {
  static func make(_ bytes: [UInt8]) throws(ChunkFault) -> Chunk {
    try bytes.withUnsafeBytes { bytes in
      Result { () throws(ChunkFault) in try Chunk(bytes) }
    }.get()
  }
}
