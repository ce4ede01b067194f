/// Times as text: RFC 3339 §5.6, with zone.
enum RFC3339 {
  /// Unix milliseconds of `2026-11-22T10:00:00.123Z` or `2026-11-22T11:00:00+01:00`, nil where it is no such time.
  ///
  /// Digits beyond the millisecond are dropped. A leap second is the first of the next minute.
  static func milliseconds(_ text: UnsafeRawBufferPointer) -> Int64? {
    var fields = Fields(text: text)
    guard let year = fields.number(4), fields.take("-"),
      let month = fields.number(2), (1...12).contains(month), fields.take("-"),
      let day = fields.number(2), day >= 1, day <= daysInMonth(month, of: year),
      // RFC 3339 §5.6: lower case may stand for T and Z, and a space for T.
      fields.take("T") || fields.take("t") || fields.take(" "),
      let hour = fields.number(2), hour <= 23, fields.take(":"),
      let minute = fields.number(2), minute <= 59, fields.take(":"),
      let second = fields.number(2), second <= 60,
      let fraction = fields.fraction(), let offset = fields.zone(), fields.isAtEnd
    else { return nil }
    let seconds = daysSinceEpoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset * 60
    return seconds * 1_000 + fraction
  }

  private static func daysInMonth(_ month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  /// Days from 1970-01-01 in the Gregorian calendar, for years from 0.
  private static func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    // Years begin in March here, so that a leap day is the last of its year. 400 years have 146,097 days.
    let marchYear = month > 2 ? year + 400 : year + 399
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468 - 146_097
  }

  /// Takes one field of the text after another.
  private struct Fields {
    let text: UnsafeRawBufferPointer
    var position = 0

    var isAtEnd: Bool { position == text.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    mutating func digit() -> Int64? {
      guard position < text.count else { return nil }
      let digit = text[position] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      position += 1
      return Int64(digit)
    }

    /// Exactly so many digits.
    mutating func number(_ digits: Int) -> Int64? {
      var number: Int64 = 0
      for _ in 0..<digits {
        guard let digit = digit() else { return nil }
        number = number * 10 + digit
      }
      return number
    }

    /// Milliseconds of the fraction, 0 where there is none.
    mutating func fraction() -> Int64? {
      guard take(".") else { return 0 }
      guard let first = digit() else { return nil }
      var fraction = first * 100
      var unit: Int64 = 10
      while let digit = digit() {
        fraction += digit * unit
        unit /= 10
      }
      return fraction
    }

    /// Minutes east of UTC.
    mutating func zone() -> Int64? {
      if take("Z") || take("z") { return 0 }
      let isWest = take("-")
      guard isWest || take("+"), let hours = number(2), hours <= 23, take(":"), let minutes = number(2), minutes <= 59
      else { return nil }
      return isWest ? -(hours * 60 + minutes) : hours * 60 + minutes
    }
  }
}
