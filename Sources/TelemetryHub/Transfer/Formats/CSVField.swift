/// Fields of comma-separated values (RFC 4180 §2).
enum CSVField {
  /// A field, in quotes where it needs them.
  static func append(_ text: String, to bytes: inout [UInt8]) {
    let isPlain = text.utf8.allSatisfy { byte in
      byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\"") && byte != 0x0A && byte != 0x0D
    }
    guard !isPlain else {
      bytes.append(contentsOf: text.utf8)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// A line's fields, each with whether it was quoted.
  static func split(_ line: [UInt8]) throws(RowFault) -> [(text: String, isQuoted: Bool)] {
    var fields: [(text: String, isQuoted: Bool)] = []
    fields.reserveCapacity(8)
    var position = 0
    while true {
      let field = try next(line, at: &position)
      fields.append((try String(field: field.bytes, "field \(fields.count + 1)"), field.isQuoted))
      guard position < line.count else { return fields }
      // At a comma; a field follows, were it an empty one.
      position += 1
    }
  }

  /// Reads a field and leaves `position` at the comma behind it, or at the end.
  private static func next(
    _ line: [UInt8], at position: inout Int
  ) throws(RowFault) -> (bytes: ArraySlice<UInt8>, isQuoted: Bool) {
    guard position < line.count, line[position] == UInt8(ascii: "\"") else {
      let end = line[position...].firstIndex(of: UInt8(ascii: ",")) ?? line.count
      defer { position = end }
      return (line[position..<end], false)
    }
    var bytes: [UInt8] = []
    position += 1
    while position < line.count {
      let byte = line[position]
      position += 1
      guard byte == UInt8(ascii: "\"") else {
        bytes.append(byte)
        continue
      }
      guard position < line.count, line[position] != UInt8(ascii: ",") else { return (bytes[...], true) }
      guard line[position] == UInt8(ascii: "\"") else { throw RowFault("text after a closing quote") }
      bytes.append(byte)
      position += 1
    }
    throw RowFault("a quote that is not closed")
  }
}
