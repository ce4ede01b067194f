/// Walks over a line of InfluxDB's protocol.
struct InfluxScanner {
  private let line: [UInt8]
  private var position = 0

  init(_ line: [UInt8]) { self.line = line }

  var isAtEnd: Bool { position == line.count }
  var peek: UInt8? { isAtEnd ? nil : line[position] }

  /// Takes the byte where it comes next.
  mutating func skip(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  mutating func skipBlanks() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0D { position += 1 }
  }

  /// A name up to one of `ends` or the line's end. A backslash before a comma, an equals sign, a space or a backslash
  /// escapes it; before anything else it stands for itself.
  mutating func name(endedBy ends: [UInt8]) -> [UInt8] {
    var name: [UInt8] = []
    while let byte = peek, !ends.contains(byte) {
      position += 1
      guard byte == UInt8(ascii: "\\"), let next = peek else {
        name.append(byte)
        continue
      }
      switch next {
      case UInt8(ascii: ","), UInt8(ascii: "="), 0x20, UInt8(ascii: "\\"):
        name.append(next)
        position += 1
      default: name.append(byte)
      }
    }
    return name
  }

  /// What stands up to a comma, a space or the line's end.
  mutating func word() -> [UInt8] {
    let start = position
    while let byte = peek, byte != UInt8(ascii: ","), byte != 0x20 { position += 1 }
    return Array(line[start..<position])
  }

  /// The rest of a text whose opening quote was taken; `\"` and `\\` are a quote and a backslash.
  mutating func quoted() throws(RowFault) -> [UInt8] {
    var text: [UInt8] = []
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return text
      case UInt8(ascii: "\\"):
        if let next = peek, next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") {
          text.append(next)
          position += 1
        } else {
          text.append(byte)
        }
      default: text.append(byte)
      }
    }
    throw RowFault("a quote that is not closed")
  }
}
