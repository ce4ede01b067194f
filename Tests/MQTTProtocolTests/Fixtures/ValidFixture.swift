import MQTTProtocol
import Testing

/// Bytes of one whole packet and what they say.
struct ValidFixture: CustomTestStringConvertible {
  let name: String
  let version: ProtocolVersion
  let bytes: [UInt8]
  let packet: ControlPacket
  /// Shorter bodies, by their length, that are whole packets too; any other cut is malformed.
  var validCuts: [ClosedRange<Int>] = []
  /// Whether the encoder writes just these bytes.
  var isCanonical = true

  var testDescription: String { name }

  static let all = connect + publish + acknowledgements + subscriptions + others + mqtt31
}

extension ValidFixture {
  static let connect: [ValidFixture] = [
    ValidFixture(
      name: "CONNECT 3.1.1, least", version: .v3_1_1,
      bytes: frame(0x10, "0004 'MQTT' 04 02 0000 0000"),
      packet: .connect(ConnectPacket(version: .v3_1_1, clientIdentifier: ""))),
    ValidFixture(
      name: "CONNECT 3.1", version: .v3_1, bytes: frame(0x10, "0006 'MQIsdp' 03 00 003C 0002 'c1'"),
      packet: .connect(ConnectPacket(version: .v3_1, cleanStart: false, keepAlive: 60, clientIdentifier: "c1"))),
    ValidFixture(
      name: "CONNECT 3.1.1, all", version: .v3_1_1,
      bytes: frame(0x10, "0004 'MQTT' 04 EE FFFF 0001 'c' 0003 'a/b' 0002 00FF 0001 'u' 0002 00 01"),
      packet: .connect(
        ConnectPacket(
          version: .v3_1_1, keepAlive: 65_535, clientIdentifier: "c",
          will: Will(topic: "a/b", payload: [0, 255], qos: .atLeastOnce, retain: true), userName: "u",
          password: [0, 1]))),
    ValidFixture(
      name: "CONNECT 5, password without user name", version: .v5,
      bytes: frame(0x10, "0004 'MQTT' 05 40 0000 00 0000 0001 'p'"),
      packet: .connect(
        ConnectPacket(version: .v5, cleanStart: false, clientIdentifier: "", password: Array("p".utf8)))),
    ValidFixture(
      name: "CONNECT 5, all", version: .v5,
      bytes: frame(
        0x10,
        """
        0004 'MQTT' 05 D6 000A 23 11 00000E10 21 0014 27 00040000 22 000A 19 01 17 00 26 0001 'k' 0001 'v' \
        15 0001 'm' 16 0001 09 0002 'id' \
        17 18 00000005 01 01 02 FFFFFFFF 03 0001 't' 08 0001 'r' 09 0000 \
        0001 'w' 0001 'p' 0000 0000
        """),
      packet: .connect(
        ConnectPacket(
          version: .v5, keepAlive: 10, clientIdentifier: "id",
          will: Will(
            topic: "w", payload: Array("p".utf8), qos: .exactlyOnce, retain: false,
            properties: [
              .willDelayInterval(5), .payloadFormatIndicator(1), .messageExpiryInterval(.max), .contentType("t"),
              .responseTopic("r"), .correlationData([]),
            ]),
          userName: "", password: [],
          properties: [
            .sessionExpiryInterval(3_600), .receiveMaximum(20), .maximumPacketSize(262_144), .topicAliasMaximum(10),
            .requestResponseInformation(1), .requestProblemInformation(0), .userProperty("k", "v"),
            .authenticationMethod("m"), .authenticationData([9]),
          ]))),
    ValidFixture(
      name: "CONNACK 3.1.1, session present", version: .v3_1_1, bytes: frame(0x20, "01 00"),
      packet: .connack(ConnackPacket(sessionPresent: true, reasonCode: .success))),
    ValidFixture(
      name: "CONNACK 3.1.1, not authorized", version: .v3_1_1, bytes: frame(0x20, "00 05"),
      packet: .connack(ConnackPacket(sessionPresent: false, reasonCode: ReasonCode(rawValue: 5)))),
    ValidFixture(
      name: "CONNACK 5", version: .v5,
      bytes: frame(
        0x20,
        """
        00 00 31 11 00000001 21 0001 24 01 25 00 27 00000001 12 0001 'a' 22 0000 1F 0000 28 00 29 01 2A 00 13 003C \
        1A 0001 'i' 1C 0001 's' 26 0000 0000
        """),
      packet: .connack(
        ConnackPacket(
          sessionPresent: false, reasonCode: .success,
          properties: [
            .sessionExpiryInterval(1), .receiveMaximum(1), .maximumQoS(1), .retainAvailable(0), .maximumPacketSize(1),
            .assignedClientIdentifier("a"), .topicAliasMaximum(0), .reasonString(""),
            .wildcardSubscriptionAvailable(0), .subscriptionIdentifierAvailable(1), .sharedSubscriptionAvailable(0),
            .serverKeepAlive(60), .responseInformation("i"), .serverReference("s"), .userProperty("", ""),
          ]))),
  ]

  static let publish: [ValidFixture] = [
    ValidFixture(
      name: "PUBLISH QoS 0", version: .v3_1_1, bytes: frame(0x30, "0003 'a/b' '21.5'"),
      packet: .publish(PublishPacket(topic: Array("a/b".utf8), payload: Array("21.5".utf8))), validCuts: [5...8]),
    ValidFixture(
      name: "PUBLISH QoS 1, retained", version: .v3_1_1, bytes: frame(0x33, "0001 '/' 0001"),
      packet: .publish(
        PublishPacket(topic: Array("/".utf8), payload: [], qos: .atLeastOnce, retain: true, packetIdentifier: 1))),
    ValidFixture(
      name: "PUBLISH QoS 2, duplicate", version: .v3_1, bytes: frame(0x3C, "0004 'a b ' FFFF 00"),
      packet: .publish(
        PublishPacket(
          topic: Array("a b ".utf8), payload: [0], qos: .exactlyOnce, duplicate: true, packetIdentifier: 65_535)),
      validCuts: [8...8]),
    ValidFixture(
      name: "PUBLISH 5, topic alias for the topic", version: .v5, bytes: frame(0x30, "0000 03 23 0001"),
      packet: .publish(PublishPacket(topic: [], payload: [], properties: [.topicAlias(1)]))),
    ValidFixture(
      name: "PUBLISH 5, all properties", version: .v5,
      bytes: frame(
        0x32,
        """
        0001 't' 0007 2D 01 00 02 00000000 23 FFFF 08 0003 'r/t' 09 0002 0001 26 0001 'a' 0001 'b' \
        26 0001 'a' 0001 'b' 0B 01 0B FFFFFF7F 03 0000 'payload'
        """),
      packet: .publish(
        PublishPacket(
          topic: Array("t".utf8), payload: Array("payload".utf8), qos: .atLeastOnce, packetIdentifier: 7,
          properties: [
            .payloadFormatIndicator(0), .messageExpiryInterval(0), .topicAlias(65_535), .responseTopic("r/t"),
            .correlationData([0, 1]), .userProperty("a", "b"), .userProperty("a", "b"), .subscriptionIdentifier(1),
            .subscriptionIdentifier(268_435_455), .contentType(""),
          ])),
      validCuts: [51...57]),
    ValidFixture(
      name: "PUBLISH 3.1.1, remaining length in four bytes", version: .v3_1_1,
      bytes: wire("30 84 80 80 00 0001 't' 'x'"),
      packet: .publish(PublishPacket(topic: Array("t".utf8), payload: Array("x".utf8))), validCuts: [3...4],
      isCanonical: false),
  ]

  static let acknowledgements: [ValidFixture] = [
    ValidFixture(
      name: "PUBACK", version: .v3_1_1, bytes: frame(0x40, "0102"),
      packet: .puback(AcknowledgementPacket(packetIdentifier: 0x0102))),
    ValidFixture(
      name: "PUBREC", version: .v3_1_1, bytes: frame(0x50, "0001"),
      packet: .pubrec(AcknowledgementPacket(packetIdentifier: 1))),
    ValidFixture(
      name: "PUBREL", version: .v3_1_1, bytes: frame(0x62, "0001"),
      packet: .pubrel(AcknowledgementPacket(packetIdentifier: 1))),
    ValidFixture(
      name: "PUBCOMP", version: .v3_1_1, bytes: frame(0x70, "FFFF"),
      packet: .pubcomp(AcknowledgementPacket(packetIdentifier: 65_535))),
    ValidFixture(
      name: "PUBACK 5, short", version: .v5, bytes: frame(0x40, "0001"),
      packet: .puback(AcknowledgementPacket(packetIdentifier: 1))),
    ValidFixture(
      name: "PUBACK 5, reason code", version: .v5, bytes: frame(0x40, "0001 10"),
      packet: .puback(AcknowledgementPacket(packetIdentifier: 1, reasonCode: .noMatchingSubscribers)),
      validCuts: [2...2]),
    ValidFixture(
      name: "PUBREC 5, success said twice", version: .v5, bytes: frame(0x50, "0001 00 00"),
      packet: .pubrec(AcknowledgementPacket(packetIdentifier: 1)), validCuts: [2...3], isCanonical: false),
    ValidFixture(
      name: "PUBREL 5, reason", version: .v5, bytes: frame(0x62, "0001 92 04 1F 0001 'x'"),
      packet: .pubrel(
        AcknowledgementPacket(
          packetIdentifier: 1, reasonCode: .packetIdentifierNotFound, properties: [.reasonString("x")])),
      validCuts: [2...3]),
    ValidFixture(
      name: "PUBCOMP 5, success with a property", version: .v5, bytes: frame(0x70, "0001 00 07 26 0001 'a' 0001 'b'"),
      packet: .pubcomp(AcknowledgementPacket(packetIdentifier: 1, properties: [.userProperty("a", "b")])),
      validCuts: [2...3]),
  ]
}
