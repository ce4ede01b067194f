import TimeSeriesStorage

/// What of a journal's row cannot be read.
struct JournalFault: Error, Equatable {
  var reason: String
}

/// Reads the rows that `JournalWriter` wrote. What a damaged row says before the damage has been given.
struct JournalReader {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0
  private var receivedAt: Int64 = 0
  private var formerSeries: Int64 = 0
  private var formerTime: Int64 = 0

  /// - Throws: `JournalFault` for a format that is not known.
  init(_ bytes: UnsafeRawBufferPointer) throws(JournalFault) {
    self.bytes = bytes
    let format = try byte()
    guard format == JournalWriter.format else { throw JournalFault(reason: "format \(format)") }
  }

  /// Puts the next frame's readings into `batch`, those of series that have no place in the store left out; nil at the end.
  ///
  /// - Returns: when they were received, Unix milliseconds.
  mutating func next(
    into batch: inout ReadingBatch, place: (Int64) -> SeriesID?
  ) throws(JournalFault) -> Int64? {
    batch.removeAll()
    guard offset < bytes.count else { return nil }
    receivedAt &+= Self.number(zigzag: try variableLength())
    let count = try variableLength()
    for _ in 0..<count {
      let head = try variableLength()
      guard let kind = JournalKind(rawValue: UInt8(head & 3)) else { throw JournalFault(reason: "a kind") }
      // The shift leaves 62 bits, more than any series has.
      formerSeries &+= Self.number(zigzag: head >> 2)
      formerTime &+= Self.number(zigzag: try variableLength())
      var reading = PendingReading(
        series: SeriesID(rawValue: 0), time: formerTime, kind: .boolean, bits: 0, assignsUniqueTime: false)
      switch kind {
      case .false: break
      case .true: reading.bits = 1
      case .number:
        reading.kind = .number
        reading.bits = try pattern()
      case .text:
        reading.kind = .text
        reading.bits = UInt64(batch.texts.count)
        batch.texts.append(try text())
      }
      guard let series = place(formerSeries) else { continue }
      reading.series = series
      batch.readings.append(reading)
    }
    return receivedAt
  }

  private static func number(zigzag value: UInt64) -> Int64 {
    Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  private mutating func byte() throws(JournalFault) -> UInt8 {
    guard offset < bytes.count else { throw JournalFault(reason: "it ends early") }
    defer { offset += 1 }
    return bytes[offset]
  }

  @inline(__always)
  private mutating func variableLength() throws(JournalFault) -> UInt64 {
    // Most have one or two bytes, far from the end.
    if offset + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      if word & 0x80 == 0 {
        offset += 1
        return word & 0x7F
      }
      if word & 0x8000 == 0 {
        offset += 2
        return word & 0x7F | (word >> 1) & 0x3F80
      }
    }
    return try longVariableLength()
  }

  private mutating func longVariableLength() throws(JournalFault) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, through: 63, by: 7) {
      let byte = try byte()
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw JournalFault(reason: "a number of more than 64 bits")
  }

  private mutating func pattern() throws(JournalFault) -> UInt64 {
    guard bytes.count - offset >= 8 else { throw JournalFault(reason: "it ends early") }
    defer { offset += 8 }
    return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  private mutating func text() throws(JournalFault) -> String {
    guard let count = Int(exactly: try variableLength()), count <= bytes.count - offset else {
      throw JournalFault(reason: "a text that is too long")
    }
    defer { offset += count }
    return String(decoding: bytes[offset..<offset + count], as: UTF8.self)
  }
}
