/// Times as text, `2026-11-22T10:00:00.123Z`: Unix milliseconds to RFC 3339 and back.
package enum RFC3339 {
  /// The years that four digits can say, as Unix milliseconds: 0000-01-01 to the end of 9999.
  package static let representable: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

  /// Reads a date and time with zone (RFC 3339 §5.6); nil if the text is not one.
  ///
  /// Accepted: `T`, `t` or a space between date and time, any number of decimals (beyond milliseconds cut off, towards the
  /// past), `Z`, `z` or `±hh:mm`. A leap second (`:60`) is the second after it, as Unix time has it.
  package static func parse(_ text: some Collection<UInt8>) -> Int64? {
    var reader = DigitReader(bytes: Array(text.prefix(64)))
    guard text.count <= 64, let date = readDate(&reader), reader.skip(anyOf: "Tt "),
      let milliseconds = readTimeOfDay(&reader), let offset = readOffset(&reader), reader.isAtEnd
    else { return nil }
    // At most 9999 years of milliseconds: no overflow.
    return date.daysSinceEpoch * 86_400_000 + milliseconds - offset
  }

  private static func readDate(_ reader: inout DigitReader) -> CivilDate? {
    guard let year = reader.number(digits: 4), reader.skip(anyOf: "-"), let month = reader.number(digits: 2),
      reader.skip(anyOf: "-"), let day = reader.number(digits: 2)
    else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }

  private static func readTimeOfDay(_ reader: inout DigitReader) -> Int64? {
    guard let hour = reader.number(digits: 2), hour <= 23, reader.skip(anyOf: ":"),
      let minute = reader.number(digits: 2), minute <= 59, reader.skip(anyOf: ":"),
      let second = reader.number(digits: 2), second <= 60
    else { return nil }
    var milliseconds = Int64(hour * 3_600 + minute * 60 + second) * 1_000
    if reader.skip(anyOf: ".") {
      guard let fraction = reader.milliseconds() else { return nil }
      milliseconds += Int64(fraction)
    }
    return milliseconds
  }

  /// Milliseconds east of UTC.
  private static func readOffset(_ reader: inout DigitReader) -> Int64? {
    if reader.skip(anyOf: "Zz") { return 0 }
    let isWest = reader.skip(anyOf: "-")
    guard isWest || reader.skip(anyOf: "+"), let hour = reader.number(digits: 2), hour <= 23, reader.skip(anyOf: ":"),
      let minute = reader.number(digits: 2), minute <= 59
    else { return nil }
    let offset = Int64(hour * 60 + minute) * 60_000
    return isWest ? -offset : offset
  }
}
