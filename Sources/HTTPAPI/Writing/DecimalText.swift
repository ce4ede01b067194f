/// Numbers as decimal text, the shortest that reads back as the same number.
enum DecimalText {
  static func append(_ value: Int64, to bytes: inout [UInt8]) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    append(value.magnitude, minimumDigits: 1, to: &bytes)
  }

  /// A finite double: `21`, `21.5`, `1e+20`. A whole number has no point.
  static func append(_ value: Double, to bytes: inout [UInt8]) {
    // Most measured values have few decimals: value = digits / 10^decimals exactly where that division, which is
    // correctly rounded, gives it back; the first such count of decimals is the shortest text.
    if value.magnitude < 1e9 {
      var scale = 1.0
      for decimals in 0...4 {
        let digits = (value * scale).rounded()
        if digits / scale == value {
          appendScaled(value, digits: UInt64(digits.magnitude), decimals: decimals, scale: UInt64(scale), to: &bytes)
          return
        }
        scale *= 10
      }
    }
    let text = value.description
    bytes.append(contentsOf: text.hasSuffix(".0") ? text.utf8.dropLast(2) : text.utf8[...])
  }

  private static func appendScaled(
    _ value: Double, digits: UInt64, decimals: Int, scale: UInt64, to bytes: inout [UInt8]
  ) {
    if value.sign == .minus { bytes.append(UInt8(ascii: "-")) }
    append(digits / scale, minimumDigits: 1, to: &bytes)
    guard decimals > 0 else { return }
    bytes.append(UInt8(ascii: "."))
    append(digits % scale, minimumDigits: decimals, to: &bytes)
  }

  private static func append(_ value: UInt64, minimumDigits: Int, to bytes: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
      var rest = value
      var start = 20
      while rest != 0 || 20 - start < minimumDigits {
        start -= 1
        buffer[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
      bytes.append(contentsOf: buffer[start...])
    }
  }
}
