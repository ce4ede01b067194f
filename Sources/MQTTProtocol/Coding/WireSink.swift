/// Where a packet's fields are written, or merely counted: one description of a packet gives its bytes and its size.
protocol WireSink {
  mutating func write(_ byte: UInt8)
  mutating func write(_ value: UInt16)
  mutating func write(_ value: UInt32)
  mutating func write(_ bytes: UnsafeRawBufferPointer)
  mutating func writeVariableByteInteger(_ value: Int)
}

extension WireSink {
  /// Writes Binary Data: two bytes of length, then the bytes (MQTT 5.0 §1.5.6).
  mutating func writeBinary(_ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count <= MQTTLimits.maximumStringLength, "BUG: a string of more than 65,535 bytes")
    write(UInt16(truncatingIfNeeded: bytes.count))
    write(bytes)
  }

  mutating func writeBinary(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { writeBinary($0) }
  }

  /// Writes a UTF-8 Encoded String (MQTT 5.0 §1.5.4).
  mutating func writeString(_ string: String) {
    var string = string
    string.withUTF8 { writeBinary(UnsafeRawBufferPointer($0)) }
  }
}

/// Counts what a packet will take.
struct CountingSink: WireSink {
  private(set) var count = 0

  mutating func write(_ byte: UInt8) { count += 1 }
  mutating func write(_ value: UInt16) { count += 2 }
  mutating func write(_ value: UInt32) { count += 4 }
  mutating func write(_ bytes: UnsafeRawBufferPointer) { count += bytes.count }
  mutating func writeVariableByteInteger(_ value: Int) { count += VariableByteInteger.encodedLength(value) }
}

/// Writes into memory that it does not own, which must have room.
struct BufferSink: WireSink {
  let output: UnsafeMutableRawBufferPointer
  /// Bytes written so far.
  private(set) var offset = 0

  init(_ output: UnsafeMutableRawBufferPointer) { self.output = output }

  @inline(__always)
  mutating func write(_ byte: UInt8) {
    output[offset] = byte
    offset &+= 1
  }

  @inline(__always)
  mutating func write(_ value: UInt16) {
    output.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt16.self)
    offset &+= 2
  }

  @inline(__always)
  mutating func write(_ value: UInt32) {
    output.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt32.self)
    offset &+= 4
  }

  @inline(__always)
  mutating func write(_ bytes: UnsafeRawBufferPointer) {
    UnsafeMutableRawBufferPointer(rebasing: output[offset..<offset &+ bytes.count]).copyMemory(from: bytes)
    offset &+= bytes.count
  }

  @inline(__always)
  mutating func writeVariableByteInteger(_ value: Int) {
    offset &+= VariableByteInteger.encode(value, into: output, at: offset)
  }
}
