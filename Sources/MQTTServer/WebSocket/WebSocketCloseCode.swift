/// Why a WebSocket connection is closed. (RFC 6455 §7.4.1)
struct WebSocketCloseCode: RawRepresentable, Sendable, Equatable {
  let rawValue: UInt16

  static let normal = WebSocketCloseCode(rawValue: 1000)
  /// The hub stops.
  static let goingAway = WebSocketCloseCode(rawValue: 1001)
  static let protocolError = WebSocketCloseCode(rawValue: 1002)
  /// A text frame; MQTT is binary.
  static let unacceptableData = WebSocketCloseCode(rawValue: 1003)
  /// A reason that is not UTF-8.
  static let inconsistentData = WebSocketCloseCode(rawValue: 1007)
  static let tooBig = WebSocketCloseCode(rawValue: 1009)

  /// Whether a peer may send it: those of RFC 6455 and the IANA registry, and those of applications.
  var isAllowedOnTheWire: Bool {
    switch rawValue {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }
}
