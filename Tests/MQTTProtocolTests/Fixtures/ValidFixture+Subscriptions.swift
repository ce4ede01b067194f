import MQTTProtocol

extension ValidFixture {
  static let subscriptions: [ValidFixture] = [
    ValidFixture(
      name: "SUBSCRIBE 3.1.1", version: .v3_1_1, bytes: frame(0x82, "0001 0003 'a/+' 01 0001 '#' 02"),
      packet: .subscribe(
        SubscribePacket(
          packetIdentifier: 1,
          subscriptions: [
            Subscription(filter: "a/+", qos: .atLeastOnce), Subscription(filter: "#", qos: .exactlyOnce),
          ])),
      validCuts: [8...8]),
    ValidFixture(
      name: "SUBSCRIBE 5", version: .v5,
      bytes: frame(0x82, "000A 03 0B 8001 0001 'a' 2D 000B '$share/g/+/' 1A"),
      packet: .subscribe(
        SubscribePacket(
          packetIdentifier: 10,
          subscriptions: [
            Subscription(
              filter: "a", qos: .atLeastOnce, noLocal: true, retainAsPublished: true, retainHandling: .doNotSend),
            Subscription(
              filter: "$share/g/+/", qos: .exactlyOnce, retainAsPublished: true, retainHandling: .sendIfNew),
          ],
          properties: [.subscriptionIdentifier(128)])),
      validCuts: [10...10]),
    ValidFixture(
      name: "SUBACK 3.1.1", version: .v3_1_1, bytes: frame(0x90, "0001 00 01 02 80"),
      packet: .suback(
        SubackPacket(
          packetIdentifier: 1, reasonCodes: [.success, .grantedQoS1, .grantedQoS2, .unspecifiedError])),
      validCuts: [3...5]),
    ValidFixture(
      name: "SUBACK 5", version: .v5, bytes: frame(0x90, "0001 03 1F 0000 8F A2"),
      packet: .suback(
        SubackPacket(
          packetIdentifier: 1, reasonCodes: [.topicFilterInvalid, .wildcardSubscriptionsNotSupported],
          properties: [.reasonString("")])),
      validCuts: [7...7]),
    ValidFixture(
      name: "UNSUBSCRIBE 3.1.1", version: .v3_1_1, bytes: frame(0xA2, "0001 0001 'a' 0003 '+/#'"),
      packet: .unsubscribe(UnsubscribePacket(packetIdentifier: 1, filters: ["a", "+/#"])), validCuts: [5...5]),
    ValidFixture(
      name: "UNSUBSCRIBE 5", version: .v5, bytes: frame(0xA2, "0001 05 26 0000 0000 0001 'a'"),
      packet: .unsubscribe(
        UnsubscribePacket(packetIdentifier: 1, filters: ["a"], properties: [.userProperty("", "")]))),
    ValidFixture(
      name: "UNSUBACK 3.1.1", version: .v3_1_1, bytes: frame(0xB0, "0001"),
      packet: .unsuback(SubackPacket(packetIdentifier: 1, reasonCodes: []))),
    ValidFixture(
      name: "UNSUBACK 5", version: .v5, bytes: frame(0xB0, "0001 00 00 11"),
      packet: .unsuback(SubackPacket(packetIdentifier: 1, reasonCodes: [.success, .noSubscriptionExisted])),
      validCuts: [4...4]),
  ]

  static let others: [ValidFixture] = [
    ValidFixture(name: "PINGREQ", version: .v3_1_1, bytes: [0xC0, 0], packet: .pingreq),
    ValidFixture(name: "PINGRESP", version: .v5, bytes: [0xD0, 0], packet: .pingresp),
    ValidFixture(
      name: "DISCONNECT 3.1.1", version: .v3_1_1, bytes: [0xE0, 0], packet: .disconnect(DisconnectPacket())),
    ValidFixture(name: "DISCONNECT 5", version: .v5, bytes: [0xE0, 0], packet: .disconnect(DisconnectPacket())),
    ValidFixture(
      name: "DISCONNECT 5, reason code", version: .v5, bytes: frame(0xE0, "04"),
      packet: .disconnect(DisconnectPacket(reasonCode: .disconnectWithWill)), validCuts: [0...0]),
    ValidFixture(
      name: "DISCONNECT 5, properties", version: .v5, bytes: frame(0xE0, "9D 0D 11 00000000 1C 0001 's' 1F 0001 'r'"),
      packet: .disconnect(
        DisconnectPacket(
          reasonCode: .serverMoved,
          properties: [.sessionExpiryInterval(0), .serverReference("s"), .reasonString("r")])),
      validCuts: [0...1]),
    ValidFixture(
      name: "AUTH, success", version: .v5, bytes: [0xF0, 0], packet: .auth(AuthPacket(reasonCode: .success))),
    ValidFixture(
      name: "AUTH", version: .v5, bytes: frame(0xF0, "18 08 15 0001 'm' 16 0001 00"),
      packet: .auth(
        AuthPacket(
          reasonCode: .continueAuthentication, properties: [.authenticationMethod("m"), .authenticationData([0])])),
      validCuts: [0...0]),
  ]
}
