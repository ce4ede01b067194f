import NIOCore

/// Takes WebSocket frames apart as their bytes come: what is in data frames is MQTT's stream, wherever a frame begins
/// or ends [MQTT-6.0.0-2].
///
/// It holds no payload but that of a control frame, at most 125 bytes: a frame of any size passes through, and the size
/// of a packet is bounded by whoever reads the stream.
struct WebSocketFrameReader: Sendable {
  private enum Stage: Sendable {
    case opcode
    case length
    /// So many bytes of it are to come; what fits into a shorter form is not allowed in this one.
    case extendedLength(Int, longerThan: UInt64)
    case maskingKey(Int)
    case payload
  }

  private enum Opcode {
    static let continuation: UInt8 = 0
    static let text: UInt8 = 1
    static let binary: UInt8 = 2
    static let close: UInt8 = 8
    static let ping: UInt8 = 9
    static let pong: UInt8 = 10
  }

  private var stage = Stage.opcode
  private var opcode: UInt8 = 0
  private var isFinal = true
  /// Of the payload, as far as it is known.
  private var remaining: UInt64 = 0
  private var key: UInt32 = 0
  private var mask = WebSocketMask(littleEndian: 0)
  /// A message has begun whose last frame has not come.
  private var isWithinMessage = false
  private var control: [UInt8] = []

  private var isControl: Bool { opcode >= Opcode.close }

  /// Reads on from `bytes`, appends what was in data frames to `stream`, and stops behind each control frame.
  ///
  /// - Returns: the control frame; nil where all bytes have been read.
  mutating func read(
    _ bytes: inout UnsafeRawBufferPointer, into stream: inout ByteBuffer
  ) throws(WebSocketViolation) -> WebSocketControlFrame? {
    while let byte = bytes.first {
      switch stage {
      case .payload:
        takePayload(&bytes, into: &stream)
      default:
        bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
        try takeHeader(byte)
      }
      if case .payload = stage, remaining == 0, let frame = try finishFrame() { return frame }
    }
    return nil
  }

  private mutating func takeHeader(_ byte: UInt8) throws(WebSocketViolation) {
    switch stage {
    case .opcode:
      try takeOpcode(byte)
      stage = .length
    case .length:
      try takeLength(byte)
    case .extendedLength(let count, let minimum):
      remaining = remaining << 8 | UInt64(byte)
      if count > 1 {
        stage = .extendedLength(count - 1, longerThan: minimum)
      } else {
        // The shortest form only, and no sign bit. (RFC 6455 §5.2)
        guard remaining > minimum, remaining <= UInt64(Int64.max) else {
          throw .protocolError("a length in the wrong form")
        }
        stage = .maskingKey(4)
      }
    case .maskingKey(let count):
      key = key >> 8 | UInt32(byte) << 24
      stage = count > 1 ? .maskingKey(count - 1) : .payload
      if count == 1 { mask = WebSocketMask(littleEndian: key) }
    case .payload: break
    }
  }

  private mutating func takeOpcode(_ byte: UInt8) throws(WebSocketViolation) {
    isFinal = byte & 0x80 != 0
    // No extension was agreed on. (RFC 6455 §5.2)
    guard byte & 0x70 == 0 else { throw .protocolError("a reserved bit is set") }
    opcode = byte & 0x0F
    switch opcode {
    case Opcode.continuation:
      guard isWithinMessage else { throw .protocolError("a continuation of nothing") }
    case Opcode.text:
      // [MQTT-6.0.0-1]
      throw WebSocketViolation(.unacceptableData, "a text frame")
    case Opcode.binary:
      guard !isWithinMessage else { throw .protocolError("a message within another") }
    case Opcode.close, Opcode.ping, Opcode.pong:
      // RFC 6455 §5.5
      guard isFinal else { throw .protocolError("a control frame in fragments") }
    default:
      throw .protocolError("a reserved opcode")
    }
  }

  private mutating func takeLength(_ byte: UInt8) throws(WebSocketViolation) {
    // RFC 6455 §5.1
    guard byte & 0x80 != 0 else { throw .protocolError("a frame without mask") }
    let length = byte & 0x7F
    remaining = 0
    switch length {
    case 126 where !isControl: stage = .extendedLength(2, longerThan: 125)
    case 127 where !isControl: stage = .extendedLength(8, longerThan: 0xFFFF)
    case 126, 127: throw .protocolError("a control frame longer than 125 bytes")
    default:
      remaining = UInt64(length)
      stage = .maskingKey(4)
    }
  }

  private mutating func takePayload(_ bytes: inout UnsafeRawBufferPointer, into stream: inout ByteBuffer) {
    let count = Int(min(remaining, UInt64(bytes.count)))
    let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
    if isControl {
      let start = control.count
      control.append(contentsOf: part)
      control.withUnsafeMutableBytes { mask.unmask(part, into: UnsafeMutableRawBufferPointer(rebasing: $0[start...])) }
    } else {
      stream.writeWithUnsafeMutableBytes(minimumWritableBytes: count) {
        mask.unmask(part, into: $0)
        return count
      }
    }
    remaining -= UInt64(count)
    bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
  }

  /// The frame's last byte was read.
  private mutating func finishFrame() throws(WebSocketViolation) -> WebSocketControlFrame? {
    stage = .opcode
    guard isControl else {
      isWithinMessage = !isFinal
      return nil
    }
    let payload = control
    control = []
    switch opcode {
    case Opcode.close: return try .close(payload: payload)
    case Opcode.ping: return .ping(payload)
    default: return .pong
    }
  }
}
