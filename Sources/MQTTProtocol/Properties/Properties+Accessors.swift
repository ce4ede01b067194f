/// Each property by its name; nil, or an empty list, where the packet does not hold it.
extension Properties {
  package var payloadIsUTF8: Bool? {
    first { if case .payloadFormatIndicator(let value) = $0 { value != 0 } else { nil } }
  }

  /// Seconds.
  package var messageExpiryInterval: UInt32? {
    first { if case .messageExpiryInterval(let value) = $0 { value } else { nil } }
  }

  package var contentType: String? { first { if case .contentType(let value) = $0 { value } else { nil } } }

  package var responseTopic: String? { first { if case .responseTopic(let value) = $0 { value } else { nil } } }

  package var correlationData: [UInt8]? { first { if case .correlationData(let value) = $0 { value } else { nil } } }

  /// All of them, in wire order; a SUBSCRIBE holds at most one.
  package var subscriptionIdentifiers: [UInt32] {
    items.compactMap { if case .subscriptionIdentifier(let value) = $0 { value } else { nil } }
  }

  /// Seconds; 0xFFFFFFFF never expires.
  package var sessionExpiryInterval: UInt32? {
    first { if case .sessionExpiryInterval(let value) = $0 { value } else { nil } }
  }

  package var assignedClientIdentifier: String? {
    first { if case .assignedClientIdentifier(let value) = $0 { value } else { nil } }
  }

  /// Seconds.
  package var serverKeepAlive: UInt16? { first { if case .serverKeepAlive(let value) = $0 { value } else { nil } } }

  package var authenticationMethod: String? {
    first { if case .authenticationMethod(let value) = $0 { value } else { nil } }
  }

  package var authenticationData: [UInt8]? {
    first { if case .authenticationData(let value) = $0 { value } else { nil } }
  }

  package var requestProblemInformation: Bool? {
    first { if case .requestProblemInformation(let value) = $0 { value != 0 } else { nil } }
  }

  /// Seconds.
  package var willDelayInterval: UInt32? {
    first { if case .willDelayInterval(let value) = $0 { value } else { nil } }
  }

  package var requestResponseInformation: Bool? {
    first { if case .requestResponseInformation(let value) = $0 { value != 0 } else { nil } }
  }

  package var responseInformation: String? {
    first { if case .responseInformation(let value) = $0 { value } else { nil } }
  }

  package var serverReference: String? { first { if case .serverReference(let value) = $0 { value } else { nil } } }

  package var reasonString: String? { first { if case .reasonString(let value) = $0 { value } else { nil } } }

  package var receiveMaximum: UInt16? { first { if case .receiveMaximum(let value) = $0 { value } else { nil } } }

  package var topicAliasMaximum: UInt16? {
    first { if case .topicAliasMaximum(let value) = $0 { value } else { nil } }
  }

  package var topicAlias: UInt16? { first { if case .topicAlias(let value) = $0 { value } else { nil } } }

  package var maximumQoS: QoS? {
    first { if case .maximumQoS(let value) = $0 { QoS(rawValue: value) } else { nil } }
  }

  package var retainAvailable: Bool? {
    first { if case .retainAvailable(let value) = $0 { value != 0 } else { nil } }
  }

  /// Names and values in wire order; a name may come more than once.
  package var userProperties: [(name: String, value: String)] {
    items.compactMap { if case .userProperty(let name, let value) = $0 { (name, value) } else { nil } }
  }

  /// Bytes of a whole packet.
  package var maximumPacketSize: UInt32? {
    first { if case .maximumPacketSize(let value) = $0 { value } else { nil } }
  }

  package var wildcardSubscriptionAvailable: Bool? {
    first { if case .wildcardSubscriptionAvailable(let value) = $0 { value != 0 } else { nil } }
  }

  package var subscriptionIdentifierAvailable: Bool? {
    first { if case .subscriptionIdentifierAvailable(let value) = $0 { value != 0 } else { nil } }
  }

  package var sharedSubscriptionAvailable: Bool? {
    first { if case .sharedSubscriptionAvailable(let value) = $0 { value != 0 } else { nil } }
  }

  private func first<Value>(_ value: (Property) -> Value?) -> Value? {
    for property in items {
      if let found = value(property) { return found }
    }
    return nil
  }
}
