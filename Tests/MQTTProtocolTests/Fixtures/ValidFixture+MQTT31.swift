import MQTTProtocol

/// What only MQTT 3.1 has: DUP outside of PUBLISH (§2.1), and a CONNECT that ends before what its flags announce (§3.1).
extension ValidFixture {
  static let mqtt31: [ValidFixture] = [
    ValidFixture(
      name: "PUBREL 3.1, sent again", version: .v3_1, bytes: frame(0x6A, "0005"),
      packet: .pubrel(AcknowledgementPacket(packetIdentifier: 5)), isCanonical: false),
    ValidFixture(
      name: "SUBSCRIBE 3.1, sent again", version: .v3_1, bytes: frame(0x8A, "0001 0003 'a/+' 01 0001 '#' 02"),
      packet: .subscribe(
        SubscribePacket(
          packetIdentifier: 1,
          subscriptions: [
            Subscription(filter: "a/+", qos: .atLeastOnce), Subscription(filter: "#", qos: .exactlyOnce),
          ])),
      validCuts: [8...8], isCanonical: false),
    ValidFixture(
      name: "UNSUBSCRIBE 3.1, sent again", version: .v3_1, bytes: frame(0xAA, "0001 0001 'a' 0003 '+/#'"),
      packet: .unsubscribe(UnsubscribePacket(packetIdentifier: 1, filters: ["a", "+/#"])), validCuts: [5...5],
      isCanonical: false),
    ValidFixture(
      name: "CONNECT 3.1, user name and password", version: .v3_1,
      bytes: frame(0x10, "0006 'MQIsdp' 03 C2 003C 0002 'c1' 0001 'u' 0002 'pw'"),
      packet: .connect(
        ConnectPacket(
          version: .v3_1, keepAlive: 60, clientIdentifier: "c1", userName: "u", password: Array("pw".utf8))),
      validCuts: [16...16, 19...19]),
    ValidFixture(
      name: "CONNECT 3.1, user name missing", version: .v3_1,
      bytes: frame(0x10, "0006 'MQIsdp' 03 82 003C 0002 'c1'"),
      packet: .connect(ConnectPacket(version: .v3_1, keepAlive: 60, clientIdentifier: "c1")), isCanonical: false),
    ValidFixture(
      name: "CONNECT 3.1, user name and password missing", version: .v3_1,
      bytes: frame(0x10, "0006 'MQIsdp' 03 C2 003C 0002 'c1'"),
      packet: .connect(ConnectPacket(version: .v3_1, keepAlive: 60, clientIdentifier: "c1")), isCanonical: false),
    ValidFixture(
      name: "CONNECT 3.1, password missing", version: .v3_1,
      bytes: frame(0x10, "0006 'MQIsdp' 03 C2 003C 0002 'c1' 0001 'u'"),
      packet: .connect(ConnectPacket(version: .v3_1, keepAlive: 60, clientIdentifier: "c1", userName: "u")),
      validCuts: [16...16], isCanonical: false),
    ValidFixture(
      name: "CONNECT 3.1, password missing after a will", version: .v3_1,
      bytes: frame(0x10, "0006 'MQIsdp' 03 C6 0000 0002 'c1' 0001 'w' 0001 'm' 0000"),
      packet: .connect(
        ConnectPacket(
          version: .v3_1, clientIdentifier: "c1",
          will: Will(topic: "w", payload: Array("m".utf8), qos: .atMostOnce, retain: false), userName: "")),
      validCuts: [22...22], isCanonical: false),
  ]
}
