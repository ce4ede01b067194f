/// Numbers of seven bits a byte, the lowest first; the top bit says that more follow (LEB128).
enum VariableLength {
  static func write(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// Reads the parts of a chunk's header, never past its end.
@safe
struct HeaderReader {
  private let bytes: UnsafeRawBufferPointer
  private(set) var offset: Int

  init(_ bytes: UnsafeRawBufferPointer, fromByte offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  mutating func byte() throws(ChunkFault) -> UInt8 {
    guard offset < bytes.count else { throw .damaged("a header of \(bytes.count) bytes") }
    defer { offset += 1 }
    return bytes[offset]
  }

  mutating func number() throws(ChunkFault) -> UInt64 {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try byte()
      guard shift < 63 || (shift == 63 && byte <= 1) else { throw .damaged("a number of more than 64 bits") }
      number |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return number }
      shift += 7
    }
  }

  /// Eight bytes, the lowest first.
  mutating func word() throws(ChunkFault) -> UInt64 {
    guard offset + 8 <= bytes.count else { throw .damaged("a header of \(bytes.count) bytes") }
    defer { offset += 8 }
    return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// A text of that many bytes.
  mutating func text(count: UInt64) throws(ChunkFault) -> String {
    guard let count = Int(exactly: count), count <= bytes.count - offset else {
      throw .damaged("a text of \(count) bytes")
    }
    defer { offset += count }
    guard let text = String(validating: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]), as: UTF8.self)
    else { throw .damaged("a text that is not UTF-8") }
    return text
  }

  mutating func riceCode() throws(ChunkFault) -> RiceCode {
    let parameter = Int(try byte())
    guard parameter <= RiceCode.maximumParameter else { throw .damaged("Rice parameter \(parameter)") }
    return RiceCode(parameter: parameter)
  }
}
