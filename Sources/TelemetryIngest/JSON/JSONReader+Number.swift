import Glibc

extension JSONReader {
  /// Takes a number (RFC 8259 §6), correctly rounded, however many digits it has.
  ///
  /// - Parameter isLong: eight digits in a row are likely, so that looking for them pays.
  @inline(__always)
  mutating func number(isLong: Bool = false) throws(DeadLetterReason) -> JSONNumber {
    let start = position
    let end = bytes + count
    var cursor = bytes + start
    let isNegative = Self.byte(cursor) == UInt8(ascii: "-")
    if isNegative { cursor += 1 }

    var mantissa: UInt64 = 0
    let whole = cursor
    Self.takeDigits(&cursor, end, &mantissa, isLong)
    var digits = cursor - whole
    guard digits > 0 else { throw missingDigit(cursor) }
    // A leading zero stands alone.
    if digits > 1, Self.byte(whole) == UInt8(ascii: "0") { throw fault(.invalidNumber, at: start) }
    var exponent = 0
    var isInteger = true
    if cursor < end, Self.byte(cursor) == UInt8(ascii: ".") {
      isInteger = false
      cursor += 1
      let fraction = cursor
      Self.takeDigits(&cursor, end, &mantissa, isLong)
      guard cursor > fraction else { throw missingDigit(cursor) }
      digits &+= cursor - fraction
      exponent = fraction - cursor
    }
    if cursor < end, Self.byte(cursor) | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      exponent &+= try takeExponent(&cursor, end)
    }
    position = cursor - bytes

    var magnitude: Double
    // Nineteen digits always fit 64 bits: more of them have overflowed `mantissa`.
    if digits <= 19, let exact = DecimalConversion.double(mantissa: mantissa, exponent: exponent) {
      magnitude = exact
    } else {
      magnitude = convert(from: isNegative ? start + 1 : start)
    }
    var isRounded = false
    if isInteger, digits > 19 || mantissa > 1 << 53 {
      isRounded = digits > 19 || UInt64(exactly: magnitude) != mantissa
    }
    magnitude = isNegative ? -magnitude : magnitude
    return JSONNumber(
      value: magnitude, magnitude: mantissa, isInteger: isInteger && digits <= 19, isRounded: isRounded)
  }

  /// Takes what digits there are onto `mantissa`, which overflows where they are more than nineteen.
  @inline(__always)
  private static func takeDigits(
    _ cursor: inout UnsafeRawPointer, _ end: UnsafeRawPointer, _ mantissa: inout UInt64, _ isLong: Bool
  ) {
    while isLong, end - cursor >= 8 {
      let word = UInt64(littleEndian: cursor.loadUnaligned(as: UInt64.self))
      // Eight digits: 0x30 to 0x39 each, before and after six is added.
      let highHalves = word & 0xF0F0_F0F0_F0F0_F0F0
      let raised = ((word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) >> 4
      guard highHalves | raised == 0x3333_3333_3333_3333 else { break }
      // Pairs of digits, then of those, then of those.
      let ones = word &- 0x3030_3030_3030_3030
      let pairs = ((ones &* 10) &+ (ones >> 8)) & 0x00FF_00FF_00FF_00FF
      let fours = ((pairs &* 100) &+ (pairs >> 16)) & 0x0000_FFFF_0000_FFFF
      let eight = ((fours &* 10_000) &+ (fours >> 32)) & 0xFFFF_FFFF
      mantissa = mantissa &* 100_000_000 &+ eight
      cursor += 8
    }
    while cursor < end {
      let digit = byte(cursor) &- UInt8(ascii: "0")
      guard digit <= 9 else { return }
      mantissa = mantissa &* 10 &+ UInt64(truncatingIfNeeded: digit)
      cursor += 1
    }
  }

  @inline(__always)
  private static func byte(_ cursor: UnsafeRawPointer) -> UInt8 { cursor.load(as: UInt8.self) }

  /// The fault for a digit that is not there.
  private func missingDigit(_ cursor: UnsafeRawPointer) -> DeadLetterReason {
    let index = cursor - bytes
    return fault(index < count ? .invalidNumber : .unexpectedEnd, at: index)
  }

  /// Takes `e`, a sign and digits.
  @inline(never)
  private func takeExponent(_ cursor: inout UnsafeRawPointer, _ end: UnsafeRawPointer) throws(DeadLetterReason) -> Int {
    cursor += 1
    guard cursor < end else { throw missingDigit(cursor) }
    let sign = Self.byte(cursor)
    if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { cursor += 1 }
    let first = cursor
    var exponent = 0
    while cursor < end {
      let digit = Self.byte(cursor) &- UInt8(ascii: "0")
      guard digit <= 9 else { break }
      // Beyond this the text itself is converted: the bound only keeps the sum small.
      exponent = min(exponent * 10 + Int(digit), 1_000_000)
      cursor += 1
    }
    guard cursor > first else { throw missingDigit(cursor) }
    return sign == UInt8(ascii: "-") ? -exponent : exponent
  }

  /// Converts the digits from `start` to `position`, checked before, by the C library: correctly rounded at any length.
  @inline(never)
  private func convert(from start: Int) -> Double {
    let length = position - start
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: length + 1) { text in
      let (_, copied) = text.initialize(
        from: UnsafeRawBufferPointer(start: bytes + start, count: length).lazy.map { CChar(bitPattern: $0) })
      text.initializeElement(at: copied, to: 0)
      guard let base = text.baseAddress else { return .nan }
      var end: UnsafeMutablePointer<CChar>?
      let value = strtod(base, &end)
      if let end, end == base + length { return value }
      // Another decimal point is in force in this process (setlocale): the standard library knows only the one.
      return Double(String(cString: base)) ?? .nan
    }
  }
}
