/// A WebSocket frame, written as a client does and read as a server's. (RFC 6455 §5.2)
struct WebSocketFrame: Equatable {
  var opcode: UInt8
  var payload: [UInt8]
  var isFinal = true

  static func binary(_ payload: some Sequence<UInt8>, isFinal: Bool = true) -> WebSocketFrame {
    WebSocketFrame(opcode: 2, payload: Array(payload), isFinal: isFinal)
  }

  static func continuation(_ payload: some Sequence<UInt8>, isFinal: Bool = true) -> WebSocketFrame {
    WebSocketFrame(opcode: 0, payload: Array(payload), isFinal: isFinal)
  }

  static func text(_ text: String) -> WebSocketFrame { WebSocketFrame(opcode: 1, payload: Array(text.utf8)) }
  static func ping(_ text: String) -> WebSocketFrame { WebSocketFrame(opcode: 9, payload: Array(text.utf8)) }
  static func pong(_ text: String) -> WebSocketFrame { WebSocketFrame(opcode: 10, payload: Array(text.utf8)) }

  static func close(_ code: UInt16) -> WebSocketFrame {
    WebSocketFrame(opcode: 8, payload: [UInt8(code >> 8), UInt8(code & 0xFF)])
  }

  /// Masked with a key that is none of the identity.
  var bytes: [UInt8] {
    let key: [UInt8] = [0xA5, 0x01, 0xFF, 0x3C]
    var bytes = [(isFinal ? 0x80 : 0) | opcode]
    switch payload.count {
    case ...125: bytes.append(0x80 | UInt8(payload.count))
    case ...0xFFFF: bytes += [0xFE, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default: bytes += [0xFF] + (0..<8).reversed().map { UInt8(payload.count >> ($0 * 8) & 0xFF) }
    }
    return bytes + key + payload.enumerated().map { $1 ^ key[$0 & 3] }
  }

  /// Takes the first frame off `bytes`; nil where it is not whole yet.
  static func take(from bytes: inout [UInt8]) throws -> WebSocketFrame? {
    guard bytes.count >= 2 else { return nil }
    guard bytes[1] & 0x80 == 0 else { throw HarnessError("the hub masked a frame") }
    var start = 2
    var length = Int(bytes[1])
    let extra = length == 126 ? 2 : length == 127 ? 8 : 0
    guard bytes.count >= start + extra else { return nil }
    if extra > 0 { length = bytes[start..<start + extra].reduce(0) { $0 << 8 | Int($1) } }
    start += extra
    guard bytes.count >= start + length else { return nil }
    let frame = WebSocketFrame(
      opcode: bytes[0] & 0x0F, payload: Array(bytes[start..<start + length]), isFinal: bytes[0] & 0x80 != 0)
    bytes.removeFirst(start + length)
    return frame
  }
}
