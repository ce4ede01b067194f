import MQTTProtocol

/// Packets that a decoder must give back as they were, from a seed.
extension SeededGenerator {
  static let versions: [ProtocolVersion] = [.v3_1, .v3_1_1, .v5]

  mutating func packet(_ type: PacketType, version: ProtocolVersion) -> ControlPacket {
    let identifier = UInt16(number(1...65_535))
    return switch type {
    case .connect: .connect(connect(version: version))
    case .connack: .connack(connack(version: version))
    case .publish: .publish(publish(version: version))
    case .puback: .puback(acknowledgement(version: version, codes: Self.pubackCodes))
    case .pubrec: .pubrec(acknowledgement(version: version, codes: Self.pubackCodes))
    case .pubrel: .pubrel(acknowledgement(version: version, codes: [0x00, 0x92]))
    case .pubcomp: .pubcomp(acknowledgement(version: version, codes: [0x00, 0x92]))
    case .subscribe:
      .subscribe(
        SubscribePacket(
          packetIdentifier: identifier, subscriptions: (0..<number(1...5)).map { _ in subscription(version: version) },
          properties: properties(.subscribe, version: version)))
    case .suback:
      .suback(
        SubackPacket(
          packetIdentifier: identifier,
          reasonCodes: reasonCodes(version == .v5 ? [0x00, 0x01, 0x02, 0x87, 0x8F, 0xA2] : [0x00, 0x01, 0x02, 0x80]),
          properties: properties(.suback, version: version)))
    case .unsubscribe:
      .unsubscribe(
        UnsubscribePacket(
          packetIdentifier: identifier, filters: (0..<number(1...5)).map { _ in filter() },
          properties: properties(.unsubscribe, version: version)))
    case .unsuback:
      .unsuback(
        SubackPacket(
          packetIdentifier: identifier, reasonCodes: version == .v5 ? reasonCodes([0x00, 0x11, 0x8F]) : [],
          properties: properties(.unsuback, version: version)))
    case .pingreq: .pingreq
    case .pingresp: .pingresp
    case .disconnect:
      .disconnect(
        DisconnectPacket(
          reasonCode: version == .v5 ? pick([.success, .disconnectWithWill, .serverShuttingDown]) : .success,
          properties: properties(.disconnect, version: version)))
    case .auth: .auth(auth())
    }
  }

  private static let pubackCodes: [UInt8] = [0x00, 0x10, 0x80, 0x87, 0x97, 0x99]

  private mutating func connect(version: ProtocolVersion) -> ConnectPacket {
    let userName = bool() ? text(0...20) : nil
    let mayHavePassword = version == .v5 || userName != nil
    return ConnectPacket(
      version: version, cleanStart: bool(), keepAlive: UInt16(number(0...65_535)), clientIdentifier: text(0...30),
      will: bool()
        ? Will(
          topic: topic(), payload: bytes(0...50), qos: pick(QoS.allCases), retain: bool(),
          properties: properties(.will, version: version)) : nil,
      userName: userName, password: mayHavePassword && bool() ? bytes(0...20) : nil,
      properties: properties(.connect, version: version))
  }

  private mutating func connack(version: ProtocolVersion) -> ConnackPacket {
    let codes: [UInt8] = version == .v5 ? [0x00, 0x80, 0x84, 0x87, 0x8C, 0x9F] : [0, 1, 2, 3, 4, 5]
    let reasonCode = ReasonCode(rawValue: pick(codes))
    return ConnackPacket(
      sessionPresent: reasonCode == .success && bool(), reasonCode: reasonCode,
      properties: properties(.connack, version: version))
  }

  private mutating func publish(version: ProtocolVersion) -> PublishPacket {
    let qos = pick(QoS.allCases)
    var properties = properties(.publish, version: version)
    var topic = Array(topic().utf8)
    if version == .v5, once(in: 8) {
      topic = []
      properties.items.removeAll { if case .topicAlias = $0 { true } else { false } }
      properties.append(.topicAlias(UInt16(number(1...65_535))))
    }
    return PublishPacket(
      topic: topic, payload: bytes(0...300), qos: qos, retain: bool(), duplicate: qos != .atMostOnce && bool(),
      packetIdentifier: qos == .atMostOnce ? 0 : UInt16(number(1...65_535)), properties: properties)
  }

  private mutating func acknowledgement(version: ProtocolVersion, codes: [UInt8]) -> AcknowledgementPacket {
    AcknowledgementPacket(
      packetIdentifier: UInt16(number(1...65_535)),
      reasonCode: version == .v5 ? ReasonCode(rawValue: pick(codes)) : .success,
      properties: properties(.puback, version: version))
  }

  private mutating func subscription(version: ProtocolVersion) -> Subscription {
    let qos = pick(QoS.allCases)
    guard version == .v5 else { return Subscription(filter: filter(), qos: qos) }
    if once(in: 4) { return Subscription(filter: "$share/group/" + filter(), qos: qos, retainAsPublished: bool()) }
    return Subscription(
      filter: filter(), qos: qos, noLocal: bool(), retainAsPublished: bool(),
      retainHandling: pick(RetainHandling.allCases))
  }

  private mutating func reasonCodes(_ codes: [UInt8]) -> [ReasonCode] {
    (0..<number(1...5)).map { _ in ReasonCode(rawValue: pick(codes)) }
  }

  private mutating func auth() -> AuthPacket {
    if once(in: 4) { return AuthPacket(reasonCode: .success) }
    return AuthPacket(
      reasonCode: pick([.success, .continueAuthentication, .reauthenticate]),
      properties: [.authenticationMethod(text(1...8)), .authenticationData(bytes(0...30)), .reasonString(text(0...9))])
  }
}
