import TimeSeriesStorage

/// Fields of comma-separated values (RFC 4180), with lines ended by a line feed alone.
enum CSVText {
  /// A field, in quotes where it needs them.
  static func append(_ text: String, to bytes: inout [UInt8]) {
    let utf8 = text.utf8
    let isPlain = utf8.allSatisfy { byte in
      byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\"") && byte != 0x0A && byte != 0x0D
    }
    guard !isPlain else {
      bytes.append(contentsOf: utf8)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// A value; what is not a finite number is an empty field.
  static func append(_ value: Value, to bytes: inout [UInt8]) {
    switch value {
    case .number(let number): if number.isFinite { DecimalText.append(number, to: &bytes) }
    case .boolean(let boolean): bytes.append(contentsOf: (boolean ? "true" : "false").utf8)
    case .text(let text): append(text, to: &bytes)
    }
  }
}
