/// Numbers of fixed width, written and counted up in place.
enum ASCIIDigits {
  /// How many digits a Unix time in milliseconds has, from 2001 to 2286.
  static let timestampWidth = 13

  /// Writes `value` right-aligned into `width` digits at `pointer`, zeros in front.
  @inline(__always)
  static func write(_ value: Int64, width: Int, at pointer: UnsafeMutablePointer<UInt8>) {
    var rest = UInt64(truncatingIfNeeded: value)
    var place = width
    while place > 0 {
      place &-= 1
      let tenth = rest / 10
      pointer[place] = 0x30 &+ UInt8(truncatingIfNeeded: rest &- tenth &* 10)
      rest = tenth
    }
  }

  /// Writes `value` as `digits` digits of which `decimals` stand behind a point: 2153 as `21.53`.
  ///
  /// Takes `digits + 1` bytes.
  @inline(__always)
  static func writeDecimal(_ value: Int32, digits: Int, decimals: Int, at pointer: UnsafeMutablePointer<UInt8>) {
    var rest = UInt32(truncatingIfNeeded: value)
    var place = digits
    let point = digits &- decimals
    while place >= 0 {
      if place == point {
        pointer[place] = 0x2E
      } else {
        let tenth = rest / 10
        pointer[place] = 0x30 &+ UInt8(truncatingIfNeeded: rest &- tenth &* 10)
        rest = tenth
      }
      place &-= 1
    }
  }

  /// Adds one to the `width` digits at `pointer`; past all nines it starts again at zero.
  @inline(__always)
  static func increment(width: Int, at pointer: UnsafeMutablePointer<UInt8>) {
    var place = width
    while place > 0 {
      place &-= 1
      if pointer[place] != 0x39 {
        pointer[place] &+= 1
        return
      }
      pointer[place] = 0x30
    }
  }
}
