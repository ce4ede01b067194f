import MQTTProtocol

/// One packet of every type, with something in every field.
enum PacketSamples {
  static func connect(_ version: ProtocolVersion, _ name: String = "offender") -> [UInt8] {
    let will = Will(
      topic: "will/topic", payload: [1, 2, 3], qos: .atLeastOnce, retain: true,
      properties: version == .v5 ? [.willDelayInterval(5), .contentType("x")] : [])
    let properties: Properties =
      version == .v5 ? [.receiveMaximum(10), .userProperty("name", "value"), .requestProblemInformation(1)] : []
    let packet = ConnectPacket(
      version: version, keepAlive: 60, clientIdentifier: name, will: will, userName: "user",
      password: Array("password".utf8), properties: properties)
    return ControlPacket.connect(packet).encoded(version: version)
  }

  /// What a client may send after CONNECT, and what only a server may.
  static func others(_ version: ProtocolVersion) -> [(PacketType, [UInt8])] {
    let isModern = version == .v5
    let reason: Properties = isModern ? [.reasonString("because"), .userProperty("a", "b")] : []
    let acknowledgement = AcknowledgementPacket(packetIdentifier: 7, properties: reason)
    var packets: [ControlPacket] = [
      .connack(ConnackPacket(sessionPresent: false, reasonCode: .success, properties: reason)),
      .publish(
        PublishPacket(
          topic: Array("some/topic".utf8), payload: Array("payload".utf8), qos: .exactlyOnce, retain: true,
          packetIdentifier: 7,
          properties: isModern
            ? [.contentType("text"), .correlationData([1, 2]), .messageExpiryInterval(9), .responseTopic("r")] : [])),
      .puback(acknowledgement), .pubrec(acknowledgement), .pubrel(acknowledgement), .pubcomp(acknowledgement),
      .subscribe(
        SubscribePacket(
          packetIdentifier: 8,
          subscriptions: [
            Subscription(filter: "a/+/#", qos: .atLeastOnce), Subscription(filter: "b", qos: .exactlyOnce),
          ],
          properties: isModern ? [.subscriptionIdentifier(300)] : [])),
      .suback(SubackPacket(packetIdentifier: 8, reasonCodes: [.success], properties: reason)),
      .unsubscribe(UnsubscribePacket(packetIdentifier: 9, filters: ["a/+/#", "b"])),
      .unsuback(SubackPacket(packetIdentifier: 9, reasonCodes: [.success], properties: reason)), .pingreq, .pingresp,
      .disconnect(DisconnectPacket(reasonCode: isModern ? .disconnectWithWill : .success, properties: reason)),
    ]
    if isModern {
      packets.append(
        .auth(
          AuthPacket(reasonCode: .reauthenticate, properties: [.authenticationMethod("x"), .authenticationData([1])])))
    }
    return packets.map { ($0.type, $0.encoded(version: version)) }
  }
}
