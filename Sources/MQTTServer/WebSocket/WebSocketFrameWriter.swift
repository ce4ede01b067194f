import NIOCore

/// Frames that the hub sends: whole messages, never masked. (RFC 6455 §5.2)
enum WebSocketFrameWriter {
  static let maximumSize = 10

  /// The header of a binary frame with `length` bytes.
  static func binary(length: Int) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.reserveCapacity(maximumSize)
    write(0x82, length: length, into: &buffer)
    return buffer
  }

  /// A Pong with the payload of the Ping that it answers, at most 125 bytes.
  static func pong(_ payload: [UInt8]) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.reserveCapacity(2 + payload.count)
    write(0x8A, length: payload.count, into: &buffer)
    buffer.writeBytes(payload)
    return buffer
  }

  static func close(_ code: WebSocketCloseCode) -> ByteBuffer {
    var buffer = ByteBuffer()
    write(0x88, length: 2, into: &buffer)
    buffer.writeInteger(code.rawValue)
    return buffer
  }

  private static func write(_ first: UInt8, length: Int, into buffer: inout ByteBuffer) {
    buffer.writeInteger(first)
    switch length {
    case ...125: buffer.writeInteger(UInt8(length))
    case ...0xFFFF:
      buffer.writeInteger(UInt8(126))
      buffer.writeInteger(UInt16(length))
    default:
      buffer.writeInteger(UInt8(127))
      buffer.writeInteger(UInt64(length))
    }
  }
}
