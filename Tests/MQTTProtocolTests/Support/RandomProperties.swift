import MQTTProtocol

/// Where properties stand, as the specification's table 2-4 names it.
enum Place: CaseIterable {
  case connect, connack, publish, will, puback, pubrec, pubrel, pubcomp, subscribe, suback, unsubscribe, unsuback,
    disconnect, auth
}

/// Table 2-4 of MQTT 5.0 §2.2.2.2, written down a second time: each identifier with the places it may stand in.
let propertyTable: [UInt8: Set<Place>] = [
  0x01: [.publish, .will],
  0x02: [.publish, .will],
  0x03: [.publish, .will],
  0x08: [.publish, .will],
  0x09: [.publish, .will],
  0x0B: [.publish, .subscribe],
  0x11: [.connect, .connack, .disconnect],
  0x12: [.connack],
  0x13: [.connack],
  0x15: [.connect, .connack, .auth],
  0x16: [.connect, .connack, .auth],
  0x17: [.connect],
  0x18: [.will],
  0x19: [.connect],
  0x1A: [.connack],
  0x1C: [.connack, .disconnect],
  0x1F: [.connack, .puback, .pubrec, .pubrel, .pubcomp, .suback, .unsuback, .disconnect, .auth],
  0x21: [.connect, .connack],
  0x22: [.connect, .connack],
  0x23: [.publish],
  0x24: [.connack],
  0x25: [.connack],
  0x26: Set(Place.allCases),
  0x27: [.connect, .connack],
  0x28: [.connack],
  0x29: [.connack],
  0x2A: [.connack],
]

extension SeededGenerator {
  /// A property with this identifier and a value that is allowed.
  mutating func property(_ identifier: UInt8) -> Property {
    let byte = UInt8(number(0...1))
    let short = UInt16(number(1...65_535))
    let long = UInt32(truncatingIfNeeded: next()) | 1
    return switch identifier {
    case 0x01: .payloadFormatIndicator(byte)
    case 0x02: .messageExpiryInterval(long)
    case 0x03: .contentType(text(0...10))
    case 0x08: .responseTopic(topic())
    case 0x09: .correlationData(bytes(0...20))
    case 0x0B: .subscriptionIdentifier(UInt32(pick([1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455])))
    case 0x11: .sessionExpiryInterval(long)
    case 0x12: .assignedClientIdentifier(text(0...20))
    case 0x13: .serverKeepAlive(short)
    case 0x15: .authenticationMethod(text(0...10))
    case 0x16: .authenticationData(bytes(0...20))
    case 0x17: .requestProblemInformation(byte)
    case 0x18: .willDelayInterval(long)
    case 0x19: .requestResponseInformation(byte)
    case 0x1A: .responseInformation(text(0...10))
    case 0x1C: .serverReference(text(0...10))
    case 0x1F: .reasonString(text(0...10))
    case 0x21: .receiveMaximum(short)
    case 0x22: .topicAliasMaximum(short)
    case 0x23: .topicAlias(short)
    case 0x24: .maximumQoS(byte)
    case 0x25: .retainAvailable(byte)
    case 0x27: .maximumPacketSize(long)
    case 0x28: .wildcardSubscriptionAvailable(byte)
    case 0x29: .subscriptionIdentifierAvailable(byte)
    case 0x2A: .sharedSubscriptionAvailable(byte)
    default: .userProperty(text(0...6), text(0...6))
    }
  }

  /// Some of the properties that may stand there, in any order; none below MQTT 5.
  mutating func properties(_ place: Place, version: ProtocolVersion) -> Properties {
    guard version == .v5, bool() else { return [] }
    var identifiers = propertyTable.filter { $0.value.contains(place) }.keys.sorted().filter { _ in bool() }
    if once(in: 3) { identifiers += [0x26, 0x26] }
    if place == .publish, once(in: 5) { identifiers += [0x0B, 0x0B] }
    // Authentication Data needs its method.
    if identifiers.contains(0x16), !identifiers.contains(0x15) { identifiers.append(0x15) }
    identifiers.shuffle(using: &self)
    return Properties(identifiers.map { property($0) })
  }
}
