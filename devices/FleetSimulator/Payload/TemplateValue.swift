/// A value's place in a rendered message, and the walk that it shows.
struct TemplateValue {
  var walk: RandomWalk
  /// Bytes from the start of the message to the first digit.
  let offset: Int
  let digits: Int
  let decimals: Int

  func moved(by distance: Int) -> TemplateValue {
    TemplateValue(walk: walk, offset: offset + distance, digits: digits, decimals: decimals)
  }

  /// Writes the present value into the message that begins at `message`.
  @inline(__always)
  func write(into message: UnsafeMutablePointer<UInt8>) {
    ASCIIDigits.writeDecimal(walk.value, digits: digits, decimals: decimals, at: message + offset)
  }
}
