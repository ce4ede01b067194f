extension RFC3339 {
  /// Appends `2026-11-22T10:00:00.123Z`, 24 bytes; a time that four digits of year cannot say is written as its nearest.
  package static func append(_ milliseconds: Int64, to bytes: inout [UInt8]) {
    withBytes(of: milliseconds) { bytes.append(contentsOf: $0) }
  }

  /// The time as text, as `append(_:to:)` writes it.
  package static func string(_ milliseconds: Int64) -> String {
    withBytes(of: milliseconds) { String(decoding: $0, as: UTF8.self) }
  }

  /// Lends the 24 bytes of the time's text; nothing is allocated.
  package static func withBytes<Result>(
    of milliseconds: Int64, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let time = min(max(milliseconds, representable.lowerBound), representable.upperBound)
    let dayMilliseconds: Int64 = 86_400_000
    let rest = ((time % dayMilliseconds) + dayMilliseconds) % dayMilliseconds
    let date = CivilDate(daysSinceEpoch: (time - rest) / dayMilliseconds)
    let inDay = Int(rest)
    return try withUnsafeTemporaryAllocation(byteCount: 24, alignment: 8) { buffer in
      var writer = DigitWriter(buffer: buffer)
      writer.write(date.year, digits: 4)
      writer.write("-")
      writer.write(date.month, digits: 2)
      writer.write("-")
      writer.write(date.day, digits: 2)
      writer.write("T")
      writer.write(inDay / 3_600_000, digits: 2)
      writer.write(":")
      writer.write(inDay / 60_000 % 60, digits: 2)
      writer.write(":")
      writer.write(inDay / 1_000 % 60, digits: 2)
      writer.write(".")
      writer.write(inDay % 1_000, digits: 3)
      writer.write("Z")
      return try body(UnsafeRawBufferPointer(buffer))
    }
  }
}
