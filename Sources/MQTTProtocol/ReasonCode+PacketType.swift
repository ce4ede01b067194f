extension ReasonCode {
  /// Whether an MQTT 5 packet of this type may carry the code (MQTT 5.0 §2.4, table 2-6).
  func isAllowed(in type: PacketType) -> Bool {
    switch type {
    case .connack:
      switch rawValue {
      case 0x00, 0x80...0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99...0x9D, 0x9F: true
      default: false
      }
    case .puback, .pubrec:
      switch rawValue {
      case 0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99: true
      default: false
      }
    case .pubrel, .pubcomp: self == .success || self == .packetIdentifierNotFound
    case .suback:
      switch rawValue {
      case 0x00...0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2: true
      default: false
      }
    case .unsuback:
      switch rawValue {
      case 0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91: true
      default: false
      }
    case .disconnect:
      switch rawValue {
      case 0x00, 0x04, 0x80...0x83, 0x87, 0x89, 0x8B...0x90, 0x93...0xA2: true
      default: false
      }
    case .auth: self == .success || self == .continueAuthentication || self == .reauthenticate
    case .connect, .publish, .subscribe, .unsubscribe, .pingreq, .pingresp: false
    }
  }

  /// The CONNACK return code of MQTT 3.1.1 that says it best, 0 to 5 (MQTT 3.1.1 §3.2.2.3).
  ///
  /// Raw values up to 5 are return codes already.
  package var connectReturnCode: UInt8 {
    switch self {
    case .unsupportedProtocolVersion: 1
    case .clientIdentifierNotValid: 2
    case .badUserNameOrPassword, .badAuthenticationMethod: 4
    case .notAuthorized, .banned: 5
    default: rawValue <= 5 ? rawValue : 3
    }
  }
}
