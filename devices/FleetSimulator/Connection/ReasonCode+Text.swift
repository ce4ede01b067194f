import MQTTProtocol

extension ReasonCode {
  /// What the code says, for a person: the name and the number.
  func text(in version: ProtocolVersion) -> String {
    let digits = String(rawValue, radix: 16, uppercase: true)
    let number = "0x" + (digits.utf8.count == 1 ? "0" : "") + digits
    guard let name = version == .v5 ? nameInVersion5 : nameInVersion3 else { return number }
    return "\(name) (\(number))"
  }

  /// MQTT 3.1.1 §3.2.2.3, Table 3.1.
  private var nameInVersion3: String? {
    switch rawValue {
    case 1: "unacceptable protocol version"
    case 2: "identifier rejected"
    case 3: "server unavailable"
    case 4: "bad user name or password"
    case 5: "not authorized"
    default: nil
    }
  }

  /// MQTT 5.0 §2.4, Table 2-6.
  private var nameInVersion5: String? {
    switch self {
    case .success: "normal disconnection"
    case .unspecifiedError: "unspecified error"
    case .malformedPacket: "malformed packet"
    case .protocolError: "protocol error"
    case .implementationSpecificError: "implementation specific error"
    case .unsupportedProtocolVersion: "unsupported protocol version"
    case .clientIdentifierNotValid: "client identifier not valid"
    case .badUserNameOrPassword: "bad user name or password"
    case .notAuthorized: "not authorized"
    case .serverUnavailable: "server unavailable"
    case .serverBusy: "server busy"
    case .serverShuttingDown: "server shutting down"
    case .keepAliveTimeout: "keep alive timeout"
    case .sessionTakenOver: "session taken over"
    case .topicNameInvalid: "topic name invalid"
    case .receiveMaximumExceeded: "receive maximum exceeded"
    case .packetTooLarge: "packet too large"
    case .messageRateTooHigh: "message rate too high"
    case .quotaExceeded: "quota exceeded"
    case .payloadFormatInvalid: "payload format invalid"
    case .qosNotSupported: "QoS not supported"
    case .connectionRateExceeded: "connection rate exceeded"
    default: nil
    }
  }
}
