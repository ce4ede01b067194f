/// One property of an MQTT 5 packet (MQTT 5.0 §2.2.2.2).
package enum Property: Equatable, Sendable {
  /// 0: bytes of no stated kind; 1: UTF-8.
  case payloadFormatIndicator(UInt8)
  /// Seconds.
  case messageExpiryInterval(UInt32)
  case contentType(String)
  case responseTopic(String)
  case correlationData([UInt8])
  /// 1 to 268,435,455.
  case subscriptionIdentifier(UInt32)
  /// Seconds; 0xFFFFFFFF never expires.
  case sessionExpiryInterval(UInt32)
  case assignedClientIdentifier(String)
  /// Seconds.
  case serverKeepAlive(UInt16)
  case authenticationMethod(String)
  case authenticationData([UInt8])
  /// 0 or 1.
  case requestProblemInformation(UInt8)
  /// Seconds.
  case willDelayInterval(UInt32)
  /// 0 or 1.
  case requestResponseInformation(UInt8)
  case responseInformation(String)
  case serverReference(String)
  case reasonString(String)
  /// 1 to 65,535.
  case receiveMaximum(UInt16)
  case topicAliasMaximum(UInt16)
  /// 1 to 65,535.
  case topicAlias(UInt16)
  /// 0 or 1; QoS 2 is said by leaving it out.
  case maximumQoS(UInt8)
  /// 0 or 1.
  case retainAvailable(UInt8)
  case userProperty(String, String)
  /// Bytes of a whole packet, at least 1.
  case maximumPacketSize(UInt32)
  /// 0 or 1.
  case wildcardSubscriptionAvailable(UInt8)
  /// 0 or 1.
  case subscriptionIdentifierAvailable(UInt8)
  /// 0 or 1.
  case sharedSubscriptionAvailable(UInt8)
}
