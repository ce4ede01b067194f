/// A peer broke the rules of WebSocket, or of MQTT over it.
struct WebSocketViolation: Error, Sendable {
  let code: WebSocketCloseCode
  let reason: StaticString

  init(_ code: WebSocketCloseCode, _ reason: StaticString) {
    self.code = code
    self.reason = reason
  }

  static func protocolError(_ reason: StaticString) -> WebSocketViolation { WebSocketViolation(.protocolError, reason) }
}
