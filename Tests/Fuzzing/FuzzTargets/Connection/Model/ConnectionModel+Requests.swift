import MQTTProtocol

/// What a connected client's packets make the hub owe.
extension ConnectionModel {
  func gaveWhileConnected(_ packet: ControlPacket) {
    guard let session else { return }
    switch packet {
    case .publish(let publish): gave(publish)
    case .subscribe(let subscribe):
      answers.owe(.suback, subscribe.packetIdentifier, filters: subscribe.subscriptions.count)
      for subscription in subscribe.subscriptions { gave(subscription, in: subscribe, session) }
    case .unsubscribe(let unsubscribe):
      answers.owe(.unsuback, unsubscribe.packetIdentifier, filters: unsubscribe.filters.count)
    case .pingreq: pings += 1
    case .pubrel(let pubrel): answers.owe(.pubcomp, pubrel.packetIdentifier)
    case .puback(let puback):
      if session.exchanges[puback.packetIdentifier]?.stage == .awaitingAcknowledgement {
        over(puback.packetIdentifier, session)
      }
    case .pubrec(let pubrec): gave(pubrec, session)
    case .pubcomp(let pubcomp):
      if session.exchanges[pubcomp.packetIdentifier]?.stage == .awaitingComplete {
        over(pubcomp.packetIdentifier, session)
      }
    case .disconnect(let disconnect): gave(disconnect, session)
    case .connect, .connack, .suback, .unsuback, .pingresp, .auth: break
    }
  }

  private func gave(_ publish: PublishPacket) {
    var topic = publish.topic
    if let alias = publish.properties.topicAlias {
      if topic.isEmpty { topic = inboundAliases[alias] ?? [] } else { inboundAliases[alias] = topic }
    }
    hub.published.add(
      PublishedMessages.Content(topic: topics.resolved(topic), payload: publish.payload),
      MessageForm(qos: publish.qos, retain: publish.retain, properties: publish.properties))
    switch publish.qos {
    case .atMostOnce: break
    case .atLeastOnce: answers.owe(.puback, publish.packetIdentifier)
    case .exactlyOnce: answers.owe(.pubrec, publish.packetIdentifier)
    }
  }

  private func gave(_ subscription: Subscription, in packet: SubscribePacket, _ session: SessionModel) {
    let shared = SharedSubscription(subscription.filter)
    session.subscribed.append(
      SessionModel.Subscribed(
        filter: topics.resolved(Array((shared?.filter ?? subscription.filter).utf8)), isShared: shared != nil,
        qos: subscription.qos, identifier: packet.properties.subscriptionIdentifiers.first))
  }

  private func gave(_ pubrec: AcknowledgementPacket, _ session: SessionModel) {
    let identifier = pubrec.packetIdentifier
    answers.owe(.pubrel, identifier)
    switch session.exchanges[identifier]?.stage {
    case .awaitingReceived where pubrec.reasonCode.isError: over(identifier, session)
    case .awaitingReceived: session.exchanges[identifier]?.stage = .awaitingComplete
    default: break
    }
  }

  private func gave(_ disconnect: DisconnectPacket, _ session: SessionModel) {
    guard version == .v5, let interval = disconnect.properties.sessionExpiryInterval else { return }
    // None at CONNECT stays none (MQTT 5.0 §3.14.2.2.2).
    let hadNone = (connect?.properties.sessionExpiryInterval ?? 0) == 0
    guard interval == 0 || !hadNone else { return }
    session.expiryInterval = min(interval, hub.maximumSessionExpiry)
  }

  /// An exchange is over: its identifier is free.
  private func over(_ identifier: UInt16, _ session: SessionModel) {
    session.exchanges[identifier] = nil
    unacknowledged.remove(identifier)
  }
}
