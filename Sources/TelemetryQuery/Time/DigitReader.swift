/// Reads numbers of a fixed width from bytes.
struct DigitReader {
  let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  /// A number of exactly so many digits; nil, and nothing read, if there is none.
  mutating func number(digits: Int) -> Int? {
    guard bytes.count - position >= digits else { return nil }
    var number = 0
    for byte in bytes[position..<position + digits] {
      guard let digit = Self.digit(byte) else { return nil }
      number = number * 10 + digit
    }
    position += digits
    return number
  }

  /// The decimals of a second as whole milliseconds, further ones cut off; nil if there is no digit.
  mutating func milliseconds() -> Int? {
    var milliseconds = 0
    var weight = 100
    let start = position
    while position < bytes.count, let digit = Self.digit(bytes[position]) {
      milliseconds += digit * weight
      weight /= 10
      position += 1
    }
    return position == start ? nil : milliseconds
  }

  /// Goes past one byte if it is one of those.
  mutating func skip(anyOf characters: String) -> Bool {
    guard position < bytes.count, characters.utf8.contains(bytes[position]) else { return false }
    position += 1
    return true
  }

  private static func digit(_ byte: UInt8) -> Int? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte - UInt8(ascii: "0")) : nil
  }
}
