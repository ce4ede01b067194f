/// Numbers as decimal text, the shortest that reads back as the same number.
enum DecimalText {
  /// The most bytes that a number takes.
  static let maximumBytes = 32

  static func append(_ value: Int64, to bytes: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: maximumBytes) { buffer in
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[..<write(value, to: buffer)]))
    }
  }

  /// A finite double: `21`, `21.5`, `1e+20`. A whole number has no point.
  static func append(_ value: Double, to bytes: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: maximumBytes) { buffer in
      var decimals = 0
      bytes.append(
        contentsOf: UnsafeBufferPointer(rebasing: buffer[..<write(value, to: buffer, likelyDecimals: &decimals)]))
    }
  }

  // MARK: Into memory with room for `maximumBytes`; returns how many bytes were written

  static func write(_ value: Int64, to bytes: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var end = 0
    if value < 0 {
      bytes[0] = UInt8(ascii: "-")
      end = 1
    }
    return write(value.magnitude, digits: count(of: value.magnitude), to: bytes, at: end)
  }

  /// A number below a million as six digits.
  @inline(__always)
  static func writeSixDigits(_ value: UInt32, to bytes: UnsafeMutablePointer<UInt8>) {
    let high = Int(value / 10_000)
    let middle = Int(value / 100 % 100)
    let low = Int(value % 100)
    let pairs = pairs.utf8Start
    for (place, pair) in [high, middle, low].enumerated() {
      bytes[place * 2] = pairs[pair * 2]
      bytes[place * 2 + 1] = pairs[pair * 2 + 1]
    }
  }

  /// - Parameter likelyDecimals: how many the value before had: values of a series are much alike.
  static func write(
    _ value: Double, to bytes: UnsafeMutableBufferPointer<UInt8>, likelyDecimals: inout Int
  ) -> Int {
    // Most measured values have few decimals: value = digits / 10^decimals exactly where that division, which is
    // correctly rounded, gives it back.
    if value.magnitude < 1e9 {
      if let digits = digits(of: value, decimals: likelyDecimals) {
        return write(digits, decimals: likelyDecimals, isNegative: value.sign == .minus, to: bytes)
      }
      for decimals in 0..<powers where decimals != likelyDecimals {
        guard let digits = digits(of: value, decimals: decimals) else { continue }
        likelyDecimals = decimals
        return write(digits, decimals: decimals, isNegative: value.sign == .minus, to: bytes)
      }
    }
    var text = value.description
    return text.withUTF8 { text in
      let isWhole =
        text.count > 2 && text[text.count - 1] == UInt8(ascii: "0") && text[text.count - 2] == UInt8(ascii: ".")
      let count = isWhole ? text.count - 2 : text.count
      for index in 0..<count { bytes[index] = text[index] }
      return count
    }
  }

  /// How many decimals are tried, none among them.
  private static let powers = 5

  private static func power(_ exponent: Int) -> Double {
    switch exponent {
    case 0: 1
    case 1: 10
    case 2: 100
    case 3: 1_000
    default: 10_000
    }
  }

  @inline(__always)
  private static func digits(of value: Double, decimals: Int) -> UInt64? {
    let power = power(decimals)
    // Behind 2^52 there are no fractions: adding it rounds, and leaves the whole number in the low bits.
    let shifted = value.magnitude * power + 0x1p52
    return (shifted - 0x1p52) / power == value.magnitude ? shifted.bitPattern & 0xF_FFFF_FFFF_FFFF : nil
  }

  private static func write(
    _ digits: UInt64, decimals: Int, isNegative: Bool, to bytes: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    var digits = digits
    var decimals = decimals
    // The shortest text: the same quotient with a smaller power.
    while decimals > 0, digits % 10 == 0 {
      digits /= 10
      decimals -= 1
    }
    var end = 0
    if isNegative {
      bytes[0] = UInt8(ascii: "-")
      end = 1
    }
    let count = max(count(of: digits), decimals + 1)
    guard decimals > 0 else { return write(digits, digits: count, to: bytes, at: end) }
    // One place to the right, and then what is before the point goes back.
    let after = write(digits, digits: count, to: bytes, at: end + 1)
    for index in end..<after - 1 - decimals { bytes[index] = bytes[index + 1] }
    bytes[after - 1 - decimals] = UInt8(ascii: ".")
    return after
  }

  /// Writes exactly so many digits, zeros in front where there are less; returns where they end.
  @inline(__always)
  private static func write(
    _ value: UInt64, digits: Int, to bytes: UnsafeMutableBufferPointer<UInt8>, at start: Int
  ) -> Int {
    var rest = value
    var place = start + digits
    while place - start >= 2 {
      let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
      rest = quotient
      place -= 2
      bytes[place] = pairs.utf8Start[Int(pair) * 2]
      bytes[place + 1] = pairs.utf8Start[Int(pair) * 2 + 1]
    }
    if place > start { bytes[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10) }
    return start + digits
  }

  private static var pairs: StaticString {
    """
    0001020304050607080910111213141516171819\
    2021222324252627282930313233343536373839\
    4041424344454647484950515253545556575859\
    6061626364656667686970717273747576777879\
    8081828384858687888990919293949596979899
    """
  }

  /// Digits of a number, 1 for 0.
  @inline(__always)
  private static func count(of value: UInt64) -> Int {
    var count = 1
    var limit: UInt64 = 10
    while value >= limit {
      count += 1
      guard count < 20 else { break }
      limit *= 10
    }
    return count
  }
}
