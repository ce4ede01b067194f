/// Golomb-Rice codes: a number's high part in unary, its low `parameter` bits as they are.
///
/// Good for numbers of which small ones are frequent, with one parameter to fit to them.
struct RiceCode: Equatable {
  /// How many low bits there are; at most `maximumParameter`.
  let parameter: Int

  static let maximumParameter = 56
  /// So many ones say that the number follows whole, in 64 bits.
  static let escape = 16

  init(parameter: Int) { self.parameter = parameter }

  /// The best code for these numbers, and how many bits they take by it.
  static func best(for numbers: UnsafeBufferPointer<UInt64>) -> (code: RiceCode, bits: Int) {
    guard !numbers.isEmpty else { return (RiceCode(parameter: 0), 0) }
    var sum = 0.0
    for number in numbers { sum += Double(number) }
    let mean = sum / Double(numbers.count)
    let middle = mean < 1 ? 0 : min(Int(mean.exponent), maximumParameter)
    var best = (code: RiceCode(parameter: middle), bits: RiceCode(parameter: middle).bits(for: numbers))
    // A few large numbers raise the mean far above what suits the others.
    for step in [-1, 1] {
      var parameter = middle + step
      while (0...maximumParameter).contains(parameter) {
        let code = RiceCode(parameter: parameter)
        let bits = code.bits(for: numbers)
        guard bits < best.bits else { break }
        best = (code, bits)
        parameter += step
      }
    }
    return best
  }

  private func bits(for numbers: UnsafeBufferPointer<UInt64>) -> Int {
    var bits = 0
    for number in numbers {
      let high = number >> UInt64(parameter)
      bits += high < UInt64(Self.escape) ? Int(high) + 1 + parameter : Self.escape + 64
    }
    return bits
  }

  @inline(__always)
  func write(_ number: UInt64, to writer: inout BitWriter) {
    let high = number >> UInt64(parameter)
    if high < UInt64(Self.escape) {
      let ones = (UInt64(1) << high) - 1
      writer.write(ones << 1, count: Int(high) + 1)
      writer.write(number & ((1 << UInt64(parameter)) - 1), count: parameter)
    } else {
      writer.write((1 << UInt64(Self.escape)) - 1, count: Self.escape)
      writer.write(number, count: 64)
    }
  }

  @inline(__always)
  func read(from reader: inout BitReader) -> UInt64 {
    let window = reader.window
    if maximumShortBits <= 57, let (number, count) = read(fromTopOf: window) {
      reader.skip(count)
      return number
    }
    return readLong(window, from: &reader)
  }

  /// The bits of the longest number that does not follow whole.
  var maximumShortBits: Int { Self.escape + parameter }

  /// A number whose bits are the first of `window`, which has `maximumShortBits` of them, and how many they are; nil where
  /// it follows whole.
  @inline(__always)
  func read(fromTopOf window: UInt64) -> (number: UInt64, count: Int)? {
    let high = (~window).leadingZeroBitCount
    guard high < Self.escape else { return nil }
    // In two shifts, since all of a word's bits are no shift: without low bits there are none to the right either.
    let low =
      ((window &<< UInt64(truncatingIfNeeded: high &+ 1)) &>> 1) &>> UInt64(truncatingIfNeeded: 63 &- parameter)
    return (UInt64(truncatingIfNeeded: high) &<< UInt64(truncatingIfNeeded: parameter) | low, high &+ 1 &+ parameter)
  }

  private func readLong(_ window: UInt64, from reader: inout BitReader) -> UInt64 {
    let high = (~window).leadingZeroBitCount
    guard high < Self.escape else {
      reader.skip(Self.escape)
      let upper = reader.read(32)
      return upper << 32 | reader.read(32)
    }
    reader.skip(high + 1)
    return UInt64(high) << UInt64(parameter) | reader.read(parameter)
  }
}

/// Signed numbers as unsigned ones, small ones of either sign first: 0, -1, 1, -2, …
enum ZigZag {
  @inline(__always)
  static func encode(_ number: Int64) -> UInt64 { UInt64(bitPattern: (number &<< 1) ^ (number >> 63)) }

  @inline(__always)
  static func decode(_ number: UInt64) -> Int64 { Int64(bitPattern: (number >> 1) ^ (0 &- (number & 1))) }
}
