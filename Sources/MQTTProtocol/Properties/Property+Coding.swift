extension Property {
  /// Copies one property out of the bytes that it was read from.
  init(_ field: PropertyField) {
    let byte = UInt8(truncatingIfNeeded: field.number)
    let short = UInt16(truncatingIfNeeded: field.number)
    switch field.identifier {
    case .payloadFormatIndicator: self = .payloadFormatIndicator(byte)
    case .messageExpiryInterval: self = .messageExpiryInterval(field.number)
    case .contentType: self = .contentType(field.string)
    case .responseTopic: self = .responseTopic(field.string)
    case .correlationData: self = .correlationData(Array(field.text))
    case .subscriptionIdentifier: self = .subscriptionIdentifier(field.number)
    case .sessionExpiryInterval: self = .sessionExpiryInterval(field.number)
    case .assignedClientIdentifier: self = .assignedClientIdentifier(field.string)
    case .serverKeepAlive: self = .serverKeepAlive(short)
    case .authenticationMethod: self = .authenticationMethod(field.string)
    case .authenticationData: self = .authenticationData(Array(field.text))
    case .requestProblemInformation: self = .requestProblemInformation(byte)
    case .willDelayInterval: self = .willDelayInterval(field.number)
    case .requestResponseInformation: self = .requestResponseInformation(byte)
    case .responseInformation: self = .responseInformation(field.string)
    case .serverReference: self = .serverReference(field.string)
    case .reasonString: self = .reasonString(field.string)
    case .receiveMaximum: self = .receiveMaximum(short)
    case .topicAliasMaximum: self = .topicAliasMaximum(short)
    case .topicAlias: self = .topicAlias(short)
    case .maximumQoS: self = .maximumQoS(byte)
    case .retainAvailable: self = .retainAvailable(byte)
    case .userProperty: self = .userProperty(field.string, String(decoding: field.second, as: UTF8.self))
    case .maximumPacketSize: self = .maximumPacketSize(field.number)
    case .wildcardSubscriptionAvailable: self = .wildcardSubscriptionAvailable(byte)
    case .subscriptionIdentifierAvailable: self = .subscriptionIdentifierAvailable(byte)
    case .sharedSubscriptionAvailable: self = .sharedSubscriptionAvailable(byte)
    }
  }

  /// Writes identifier and value.
  func write(to sink: inout some WireSink) {
    switch self {
    case .payloadFormatIndicator(let value): sink.writeProperty(.payloadFormatIndicator, value)
    case .messageExpiryInterval(let value): sink.writeProperty(.messageExpiryInterval, value)
    case .contentType(let value): sink.writeProperty(.contentType, value)
    case .responseTopic(let value): sink.writeProperty(.responseTopic, value)
    case .correlationData(let value): sink.writeProperty(.correlationData, value)
    case .subscriptionIdentifier(let value):
      precondition(value <= MQTTLimits.maximumSubscriptionIdentifier, "BUG: Subscription Identifier too great")
      sink.write(PropertyIdentifier.subscriptionIdentifier.rawValue)
      sink.writeVariableByteInteger(Int(value))
    case .sessionExpiryInterval(let value): sink.writeProperty(.sessionExpiryInterval, value)
    case .assignedClientIdentifier(let value): sink.writeProperty(.assignedClientIdentifier, value)
    case .serverKeepAlive(let value): sink.writeProperty(.serverKeepAlive, value)
    case .authenticationMethod(let value): sink.writeProperty(.authenticationMethod, value)
    case .authenticationData(let value): sink.writeProperty(.authenticationData, value)
    case .requestProblemInformation(let value): sink.writeProperty(.requestProblemInformation, value)
    case .willDelayInterval(let value): sink.writeProperty(.willDelayInterval, value)
    case .requestResponseInformation(let value): sink.writeProperty(.requestResponseInformation, value)
    case .responseInformation(let value): sink.writeProperty(.responseInformation, value)
    case .serverReference(let value): sink.writeProperty(.serverReference, value)
    case .reasonString(let value): sink.writeProperty(.reasonString, value)
    case .receiveMaximum(let value): sink.writeProperty(.receiveMaximum, value)
    case .topicAliasMaximum(let value): sink.writeProperty(.topicAliasMaximum, value)
    case .topicAlias(let value): sink.writeProperty(.topicAlias, value)
    case .maximumQoS(let value): sink.writeProperty(.maximumQoS, value)
    case .retainAvailable(let value): sink.writeProperty(.retainAvailable, value)
    case .userProperty(let name, let value):
      sink.writeProperty(.userProperty, name)
      sink.writeString(value)
    case .maximumPacketSize(let value): sink.writeProperty(.maximumPacketSize, value)
    case .wildcardSubscriptionAvailable(let value): sink.writeProperty(.wildcardSubscriptionAvailable, value)
    case .subscriptionIdentifierAvailable(let value): sink.writeProperty(.subscriptionIdentifierAvailable, value)
    case .sharedSubscriptionAvailable(let value): sink.writeProperty(.sharedSubscriptionAvailable, value)
    }
  }
}

extension PropertyField {
  /// The text, which the reader proved to be UTF-8.
  fileprivate var string: String { String(decoding: text, as: UTF8.self) }
}

extension WireSink {
  fileprivate mutating func writeProperty(_ identifier: PropertyIdentifier, _ value: UInt8) {
    write(identifier.rawValue)
    write(value)
  }

  fileprivate mutating func writeProperty(_ identifier: PropertyIdentifier, _ value: UInt16) {
    write(identifier.rawValue)
    write(value)
  }

  fileprivate mutating func writeProperty(_ identifier: PropertyIdentifier, _ value: UInt32) {
    write(identifier.rawValue)
    write(value)
  }

  fileprivate mutating func writeProperty(_ identifier: PropertyIdentifier, _ value: String) {
    write(identifier.rawValue)
    writeString(value)
  }

  fileprivate mutating func writeProperty(_ identifier: PropertyIdentifier, _ value: [UInt8]) {
    write(identifier.rawValue)
    writeBinary(value)
  }
}
