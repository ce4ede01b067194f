/// Writes numbers of a fixed width into a buffer of the right size.
struct DigitWriter {
  let buffer: UnsafeMutableRawBufferPointer
  private var position = 0

  init(buffer: UnsafeMutableRawBufferPointer) { self.buffer = buffer }

  mutating func write(_ number: Int, digits: Int) {
    var rest = number
    for place in stride(from: position + digits - 1, through: position, by: -1) {
      buffer[place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    position += digits
  }

  mutating func write(_ character: Unicode.Scalar) {
    buffer[position] = UInt8(ascii: character)
    position += 1
  }
}
