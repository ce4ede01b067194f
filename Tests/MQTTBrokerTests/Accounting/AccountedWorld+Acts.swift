import MQTTProtocol

@testable import MQTTBroker

/// What a client does.
extension AccountedWorld {
  func act(_ client: AccountedClient) {
    let act = number(0..<16)
    // As long as the hub reads nothing from it, it can only go, or take what it gets.
    let isRead = !client.output.isPaused
    switch act {
    case 0 where one(in: 3):
      client.takesAll()
      client.lost(drains: one(in: 2))
    case 11 where client.output.takesOutput: client.takesNothing()
    case 11:
      client.takesAll()
      client.drained()
    case 1 where isRead && one(in: 3): disconnect(client)
    case 2 where isRead, 3 where isRead: subscribe(client)
    case 4 where isRead:
      let filters = [pick(Self.filters), pick(Self.filters)]
      client.client.send(.unsubscribe(UnsubscribePacket(packetIdentifier: 1, filters: filters)), drains: one(in: 2))
    case 5 where isRead, 6 where isRead, 7 where isRead, 8 where isRead, 9 where isRead: publish(client)
    case 10 where isRead:
      client.client.send(
        .pubrel(AcknowledgementPacket(packetIdentifier: UInt16(number(1..<9)))), drains: one(in: 2))
    case 12... where isRead: acknowledge(client)
    default: break
    }
  }

  private func disconnect(_ client: AccountedClient) {
    var properties: Properties = []
    if client.version == .v5, one(in: 2) { properties.append(.sessionExpiryInterval(UInt32(number(0..<10)))) }
    client.client.send(
      .disconnect(
        DisconnectPacket(reasonCode: one(in: 2) ? .success : .disconnectWithWill, properties: properties)),
      drains: one(in: 2))
  }

  private func subscribe(_ client: AccountedClient) {
    let subscriptions = (0..<number(1..<4)).map { _ in
      Subscription(
        filter: pick(Self.filters), qos: pick(QoS.allCases), noLocal: false, retainAsPublished: one(in: 2),
        retainHandling: pick(RetainHandling.allCases))
    }
    client.client.send(
      .subscribe(
        SubscribePacket(
          packetIdentifier: 1, subscriptions: subscriptions,
          properties: client.version == .v5 && one(in: 2) ? [.subscriptionIdentifier(7)] : [])), drains: one(in: 2))
  }

  private func publish(_ client: AccountedClient) {
    var topic = pick(Self.topics)
    var properties: Properties = []
    if client.version == .v5 {
      if one(in: 4) { properties.append(.messageExpiryInterval(UInt32(number(0..<8)))) }
      if one(in: 4) {
        properties.append(.topicAlias(UInt16(number(1..<6))))
        if one(in: 2) { topic = "" }
      }
    }
    client.client.publish(
      topic, one(in: 6) ? "" : payload(below: 300), qos: pick(QoS.allCases), retain: one(in: 3),
      id: UInt16(number(1..<9)), properties: properties)
  }

  /// Answers most of what came.
  private func acknowledge(_ client: AccountedClient) {
    for packet in client.output.takeAll() where !one(in: 4) {
      guard let answer = answer(to: packet, client.version) else { continue }
      client.client.send(answer, drains: false)
    }
  }

  private func answer(to packet: ControlPacket, _ version: ProtocolVersion) -> ControlPacket? {
    switch packet {
    case .publish(let publish) where publish.qos == .atLeastOnce:
      return .puback(AcknowledgementPacket(packetIdentifier: publish.packetIdentifier))
    case .publish(let publish) where publish.qos == .exactlyOnce:
      let reason = version == .v5 && one(in: 5) ? ReasonCode.quotaExceeded : .success
      return .pubrec(AcknowledgementPacket(packetIdentifier: publish.packetIdentifier, reasonCode: reason))
    case .pubrel(let pubrel): return .pubcomp(AcknowledgementPacket(packetIdentifier: pubrel.packetIdentifier))
    case .pubrec(let pubrec) where !pubrec.reasonCode.isError:
      return .pubrel(AcknowledgementPacket(packetIdentifier: pubrec.packetIdentifier))
    default: return nil
    }
  }
}
