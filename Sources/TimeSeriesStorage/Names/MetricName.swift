/// What a metric may be called: 1-128 bytes of UTF-8 without control characters, space, quotes, `/ * ? ,`.
package enum MetricName {
  /// Whether the bytes are a metric's name.
  package static func isValid(_ name: UnsafeRawBufferPointer, maximumBytes: Int = 128) -> Bool {
    guard !name.isEmpty, name.count <= maximumBytes else { return false }
    var previous: UInt8 = 0
    var isASCII = true
    for byte in name {
      if isForbidden(byte) || isC1Control(byte, after: previous) { return false }
      if byte >= 0x80 { isASCII = false }
      previous = byte
    }
    return isASCII || String(validating: name, as: UTF8.self) != nil
  }

  /// Whether the text is a metric's name.
  package static func isValid(_ name: String, maximumBytes: Int = 128) -> Bool {
    var name = name
    return name.withUTF8 { isValid(UnsafeRawBufferPointer($0), maximumBytes: maximumBytes) }
  }

  /// Whether the byte may not stand in a metric's name: C0 controls, DEL, space, `"`, `'`, `` ` ``, `/`, `*`, `?`, `,`.
  ///
  /// The C1 controls take two bytes: see `isC1Control(_:after:)`.
  @inlinable
  package static func isForbidden(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, 0x7F, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "/"),
      UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: ","):
      true
    default: false
    }
  }

  /// Whether the two bytes are a C1 control character (U+0080 to U+009F).
  @inlinable
  package static func isC1Control(_ byte: UInt8, after previous: UInt8) -> Bool {
    previous == 0xC2 && byte >= 0x80 && byte <= 0x9F
  }
}
