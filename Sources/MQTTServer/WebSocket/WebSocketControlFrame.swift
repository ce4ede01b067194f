/// A frame that speaks of the connection and not of MQTT. (RFC 6455 §5.5)
enum WebSocketControlFrame: Sendable, Equatable {
  case ping([UInt8])
  case pong
  /// nil where the peer gave no code.
  case close(WebSocketCloseCode?)

  /// Reads the payload of a Close frame: nothing, or a code and a text.
  static func close(payload: [UInt8]) throws(WebSocketViolation) -> WebSocketControlFrame {
    guard !payload.isEmpty else { return .close(nil) }
    guard payload.count >= 2 else { throw .protocolError("half a close code") }
    let code = WebSocketCloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
    guard code.isAllowedOnTheWire else { throw .protocolError("a close code that may not be sent") }
    guard String(validating: payload.dropFirst(2), as: UTF8.self) != nil else {
      throw WebSocketViolation(.inconsistentData, "a close reason that is not UTF-8")
    }
    return .close(code)
  }
}
