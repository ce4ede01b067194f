/// What a device may be called: 1-64 of `A-Z a-z 0-9 . _ : -`; `me`, `.` and `..` are reserved.
package enum DeviceName {
  /// Whether the bytes are a device's name.
  package static func isValid(_ name: UnsafeRawBufferPointer, maximumBytes: Int = 64) -> Bool {
    guard !name.isEmpty, name.count <= maximumBytes else { return false }
    for byte in name where !isAllowed(byte) { return false }
    return !isReserved(name)
  }

  /// Whether the text is a device's name.
  package static func isValid(_ name: String, maximumBytes: Int = 64) -> Bool {
    var name = name
    return name.withUTF8 { isValid(UnsafeRawBufferPointer($0), maximumBytes: maximumBytes) }
  }

  /// Whether the byte may stand in a device's name.
  @inlinable
  package static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func isReserved(_ name: UnsafeRawBufferPointer) -> Bool {
    switch name.count {
    case 1: name[0] == UInt8(ascii: ".")
    case 2: name.elementsEqual("..".utf8) || name.elementsEqual("me".utf8)
    default: false
    }
  }
}
