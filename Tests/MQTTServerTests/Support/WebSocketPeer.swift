/// The client's half of the WebSocket codec.
enum WebSocketPeer {
  struct Frame: Equatable {
    var opcode: UInt8
    var payload: [UInt8]
    var isFinal = true

    static func binary(_ payload: some Sequence<UInt8>, isFinal: Bool = true) -> Frame {
      Frame(opcode: 2, payload: Array(payload), isFinal: isFinal)
    }
    static func continuation(_ payload: some Sequence<UInt8>, isFinal: Bool = true) -> Frame {
      Frame(opcode: 0, payload: Array(payload), isFinal: isFinal)
    }
    static func close(_ code: UInt16, _ reason: String = "") -> Frame {
      Frame(opcode: 8, payload: [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8))
    }
    static func ping(_ payload: String = "") -> Frame { Frame(opcode: 9, payload: Array(payload.utf8)) }
    static func pong(_ payload: String = "") -> Frame { Frame(opcode: 10, payload: Array(payload.utf8)) }

    /// As a client sends it.
    var bytes: [UInt8] {
      let key: [UInt8] = [0x37, 0xFA, 0x21, UInt8(truncatingIfNeeded: payload.count)]
      var bytes = [(isFinal ? 0x80 : 0) | opcode]
      switch payload.count {
      case ...125: bytes.append(0x80 | UInt8(payload.count))
      case ...0xFFFF: bytes += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
      default:
        bytes.append(0x80 | 127)
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(payload.count >> shift & 0xFF)) }
      }
      return bytes + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }
  }

  static func request(
    _ target: String = "/mqtt", without omitted: String = "", adding lines: [String] = []
  ) -> [UInt8] {
    let fields = [
      "Host: 127.0.0.1:9001", "Upgrade: websocket", "Connection: Upgrade",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: mqtt",
    ]
    let kept = fields.filter { omitted.isEmpty || !$0.hasPrefix(omitted + ":") } + lines
    return Array((["GET \(target) HTTP/1.1"] + kept + ["", ""]).joined(separator: "\r\n").utf8)
  }

  /// An HTTP head and what follows it; nil where there is none yet.
  static func head(_ bytes: [UInt8]) -> (head: String, rest: [UInt8])? {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    return (String(decoding: bytes[..<end.upperBound], as: UTF8.self), Array(bytes[end.upperBound...]))
  }

  /// The frames that a server sent; nil where they are not whole, or masked.
  static func frames(_ bytes: [UInt8]) -> [Frame]? {
    var frames: [Frame] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      guard rest.count >= 2, let first = rest.popFirst(), let second = rest.popFirst(), second & 0x80 == 0
      else { return nil }
      var length = Int(second)
      let extra = second == 126 ? 2 : second == 127 ? 8 : 0
      guard rest.count >= extra else { return nil }
      if extra > 0 { length = rest.prefix(extra).reduce(0) { $0 << 8 | Int($1) } }
      rest = rest.dropFirst(extra)
      guard rest.count >= length else { return nil }
      frames.append(Frame(opcode: first & 0x0F, payload: Array(rest.prefix(length)), isFinal: first & 0x80 != 0))
      rest = rest.dropFirst(length)
    }
    return frames
  }

  /// MQTT's bytes in binary frames.
  static func stream(_ frames: [Frame]) -> [UInt8] { frames.filter { $0.opcode == 2 }.flatMap(\.payload) }

  static func closeCode(_ frames: [Frame]) -> UInt16? {
    guard let close = frames.last, close.opcode == 8, close.payload.count >= 2 else { return nil }
    return UInt16(close.payload[0]) << 8 | UInt16(close.payload[1])
  }
}
