/// Reads a packet's fields in order from bytes that it does not own; never past their end.
struct WireReader {
  let bytes: UnsafeRawBufferPointer
  /// Where the next field begins.
  private(set) var offset = 0

  @inline(__always)
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Bytes not read yet.
  @inline(__always)
  var remaining: Int { bytes.count &- offset }

  @inline(__always)
  mutating func readByte() throws(MQTTDecodeError) -> UInt8 {
    guard remaining >= 1 else { throw .truncated }
    defer { offset &+= 1 }
    return bytes[offset]
  }

  @inline(__always)
  mutating func readUInt16() throws(MQTTDecodeError) -> UInt16 {
    guard remaining >= 2 else { throw .truncated }
    defer { offset &+= 2 }
    return UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  @inline(__always)
  mutating func readUInt32() throws(MQTTDecodeError) -> UInt32 {
    guard remaining >= 4 else { throw .truncated }
    defer { offset &+= 4 }
    return UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// Reads a Variable Byte Integer, which must be in its shortest form [MQTT-1.5.5-1].
  @inline(__always)
  mutating func readVariableByteInteger() throws(MQTTDecodeError) -> Int {
    guard let decoded = try VariableByteInteger.decode(bytes, at: offset) else { throw .truncated }
    guard VariableByteInteger.encodedLength(decoded.value) == decoded.length else {
      throw .malformed("variable byte integer is not in its shortest form")
    }
    offset &+= decoded.length
    return decoded.value
  }

  /// Reads the next `count` bytes, which must not be negative.
  @inline(__always)
  mutating func readBytes(_ count: Int) throws(MQTTDecodeError) -> UnsafeRawBufferPointer {
    guard remaining >= count else { throw .truncated }
    defer { offset &+= count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset &+ count])
  }

  /// Reads Binary Data: two bytes of length, then that many bytes (MQTT 5.0 §1.5.6).
  @inline(__always)
  mutating func readBinary() throws(MQTTDecodeError) -> UnsafeRawBufferPointer {
    try readBytes(Int(try readUInt16()))
  }

  /// Reads a UTF-8 Encoded String's bytes and proves them valid (MQTT 5.0 §1.5.4).
  @inline(__always)
  mutating func readUTF8() throws(MQTTDecodeError) -> UnsafeRawBufferPointer {
    let text = try readBinary()
    guard UTF8Validation.isValid(text) else { throw .malformed("string is not valid UTF-8 or holds U+0000") }
    return text
  }

  mutating func readString() throws(MQTTDecodeError) -> String {
    String(decoding: try readUTF8(), as: UTF8.self)
  }

  /// Reads all that is left.
  @inline(__always)
  mutating func readRest() -> UnsafeRawBufferPointer {
    defer { offset = bytes.count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset...])
  }

  /// Reads a packet identifier, which is never 0 [MQTT-2.2.1-3].
  @inline(__always)
  mutating func readPacketIdentifier() throws(MQTTDecodeError) -> UInt16 {
    let identifier = try readUInt16()
    guard identifier != 0 else { throw .protocolError("packet identifier is 0") }
    return identifier
  }

  /// Refuses bytes after the last field.
  @inline(__always)
  func expectEnd() throws(MQTTDecodeError) {
    guard remaining == 0 else { throw .malformed("bytes after the end of the packet") }
  }
}
