/// What a property says: its first byte on the wire (MQTT 5.0 §2.2.2.2, table 2-4).
enum PropertyIdentifier: UInt8, CaseIterable {
  case payloadFormatIndicator = 0x01
  case messageExpiryInterval = 0x02
  case contentType = 0x03
  case responseTopic = 0x08
  case correlationData = 0x09
  case subscriptionIdentifier = 0x0B
  case sessionExpiryInterval = 0x11
  case assignedClientIdentifier = 0x12
  case serverKeepAlive = 0x13
  case authenticationMethod = 0x15
  case authenticationData = 0x16
  case requestProblemInformation = 0x17
  case willDelayInterval = 0x18
  case requestResponseInformation = 0x19
  case responseInformation = 0x1A
  case serverReference = 0x1C
  case reasonString = 0x1F
  case receiveMaximum = 0x21
  case topicAliasMaximum = 0x22
  case topicAlias = 0x23
  case maximumQoS = 0x24
  case retainAvailable = 0x25
  case userProperty = 0x26
  case maximumPacketSize = 0x27
  case wildcardSubscriptionAvailable = 0x28
  case subscriptionIdentifierAvailable = 0x29
  case sharedSubscriptionAvailable = 0x2A
}

/// Where properties may stand: packets, and the will inside a CONNECT.
struct PropertyContexts: OptionSet {
  let rawValue: UInt16

  static var connect: Self { Self(rawValue: 1 << 0) }
  static var will: Self { Self(rawValue: 1 << 1) }
  static var connack: Self { Self(rawValue: 1 << 2) }
  static var publish: Self { Self(rawValue: 1 << 3) }
  /// PUBACK, PUBREC, PUBREL and PUBCOMP.
  static var acknowledgement: Self { Self(rawValue: 1 << 4) }
  static var subscribe: Self { Self(rawValue: 1 << 5) }
  /// SUBACK and UNSUBACK.
  static var suback: Self { Self(rawValue: 1 << 6) }
  static var unsubscribe: Self { Self(rawValue: 1 << 7) }
  static var disconnect: Self { Self(rawValue: 1 << 8) }
  static var auth: Self { Self(rawValue: 1 << 9) }
  static var all: Self { Self(rawValue: (1 << 10) - 1) }
}

extension PropertyIdentifier {
  /// How a property's value is written (MQTT 5.0 §1.5).
  enum Encoding {
    /// One byte, and only 0 or 1 is allowed.
    case boolean
    case twoByteInteger
    case fourByteInteger
    case variableByteInteger
    case string
    case binary
    case stringPair
  }

  @inline(__always)
  var encoding: Encoding {
    switch self {
    case .payloadFormatIndicator, .requestProblemInformation, .requestResponseInformation, .maximumQoS,
      .retainAvailable, .wildcardSubscriptionAvailable, .subscriptionIdentifierAvailable,
      .sharedSubscriptionAvailable:
      .boolean
    case .serverKeepAlive, .receiveMaximum, .topicAliasMaximum, .topicAlias: .twoByteInteger
    case .messageExpiryInterval, .sessionExpiryInterval, .willDelayInterval, .maximumPacketSize: .fourByteInteger
    case .subscriptionIdentifier: .variableByteInteger
    case .contentType, .responseTopic, .assignedClientIdentifier, .authenticationMethod, .responseInformation,
      .serverReference, .reasonString:
      .string
    case .correlationData, .authenticationData: .binary
    case .userProperty: .stringPair
    }
  }

  /// Where the property may stand (MQTT 5.0 §2.2.2.2, table 2-4).
  @inline(__always)
  var contexts: PropertyContexts {
    switch self {
    case .payloadFormatIndicator, .messageExpiryInterval, .contentType, .responseTopic, .correlationData:
      [.publish, .will]
    case .subscriptionIdentifier: [.publish, .subscribe]
    case .sessionExpiryInterval: [.connect, .connack, .disconnect]
    case .authenticationMethod, .authenticationData: [.connect, .connack, .auth]
    case .requestProblemInformation, .requestResponseInformation: .connect
    case .willDelayInterval: .will
    case .receiveMaximum, .topicAliasMaximum, .maximumPacketSize: [.connect, .connack]
    case .topicAlias: .publish
    case .serverReference: [.connack, .disconnect]
    case .reasonString: [.connack, .acknowledgement, .suback, .disconnect, .auth]
    case .userProperty: .all
    case .assignedClientIdentifier, .serverKeepAlive, .responseInformation, .maximumQoS, .retainAvailable,
      .wildcardSubscriptionAvailable, .subscriptionIdentifierAvailable, .sharedSubscriptionAvailable:
      .connack
    }
  }

  /// Whether one packet may hold the property more than once.
  @inline(__always)
  func mayRepeat(in context: PropertyContexts) -> Bool {
    switch self {
    case .userProperty: true
    // One for each matching subscription (MQTT 5.0 §3.3.2.3.8); a SUBSCRIBE holds one (§3.8.2.1.2).
    case .subscriptionIdentifier: context.contains(.publish)
    default: false
    }
  }
}
