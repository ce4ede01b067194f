import MQTTProtocol

/// What the hub may write to a connected client.
extension ConnectionModel {
  func wroteWhileConnected(_ packet: ControlPacket) throws(FuzzFinding) {
    switch packet {
    case .publish(let publish): try wrote(publish)
    case .puback(let puback): try answers.paid(.puback, puback.packetIdentifier)
    case .pubrec(let pubrec): try answers.paid(.pubrec, pubrec.packetIdentifier)
    case .pubrel(let pubrel): try answers.paid(.pubrel, pubrel.packetIdentifier)
    case .pubcomp(let pubcomp): try answers.paid(.pubcomp, pubcomp.packetIdentifier)
    case .suback(let suback):
      try answers.paid(.suback, suback.packetIdentifier, codes: suback.reasonCodes.count)
    case .unsuback(let unsuback):
      // Without codes before 5.0.
      let codes = version == .v5 ? unsuback.reasonCodes.count : nil
      try answers.paid(.unsuback, unsuback.packetIdentifier, codes: codes)
    case .pingresp:
      try expect(pings > 0, "PINGRESP that nothing asked for")
      pings -= 1
    case .connect, .connack, .subscribe, .unsubscribe, .pingreq, .disconnect, .auth:
      throw FuzzFinding("no packet for a connected client: \(packet)")
    }
  }

  private func wrote(_ publish: PublishPacket) throws(FuzzFinding) {
    guard let session else { throw FuzzFinding("a message without a session: \(publish)") }
    let topic = topics.resolved(try topicName(of: publish))
    let content = PublishedMessages.Content(topic: topic, payload: publish.payload)
    try expect(
      session.mayMatch(topic, qos: publish.qos),
      "nobody here subscribed to \(String(decoding: topic, as: UTF8.self)) at \(publish.qos)")
    let identifiers = publish.properties.subscriptionIdentifiers
    try expect(
      identifiers.allSatisfy { identifier in session.subscribed.contains { $0.identifier == identifier } },
      "Subscription Identifiers \(identifiers) that were never given")
    let form = MessageForm(qos: publish.qos, retain: publish.retain, properties: publish.properties)
    try expect(
      hub.published.allows(content, form, version: version), "a message that nobody published so: \(publish)")
    if publish.qos != .atMostOnce { try wroteExchange(publish, content, session) }
  }

  private func topicName(of publish: PublishPacket) throws(FuzzFinding) -> [UInt8] {
    guard let alias = publish.properties.topicAlias else { return publish.topic }
    let maximum = connect?.properties.topicAliasMaximum ?? 0
    try expect(alias <= maximum, "Topic Alias \(alias), and the client takes \(maximum)")  // [MQTT-3.1.2-26]
    if !publish.topic.isEmpty { outboundAliases[alias] = publish.topic }
    guard let topic = outboundAliases[alias] else { throw FuzzFinding("Topic Alias \(alias) was never set") }
    return topic
  }

  private func wroteExchange(
    _ publish: PublishPacket, _ content: PublishedMessages.Content, _ session: SessionModel
  ) throws(FuzzFinding) {
    let identifier = publish.packetIdentifier
    let stage: SessionModel.Stage =
      publish.qos == .atLeastOnce ? .awaitingAcknowledgement : .awaitingReceived
    if publish.duplicate {
      guard var exchange = session.exchanges[identifier], exchange.isCarried else {
        throw FuzzFinding("sent again, and not after a reconnect: \(publish)")  // [MQTT-4.4.0-1]
      }
      try expect(exchange.stage == stage, "sent again at another QoS or after PUBREC: \(publish)")
      try expect(exchange.content == content, "another message by the identifier of \(exchange.content): \(publish)")
      try expect(exchange.serial > lastResent, "sent again out of order: \(publish)")  // [MQTT-4.6.0-1]
      lastResent = exchange.serial
      exchange.isCarried = false
      session.exchanges[identifier] = exchange
    } else {
      if let open = session.exchanges[identifier] {
        try expect(open.isCarried && open.mayBeReleased, "identifier \(identifier) is in use: \(publish)")
      }
      session.exchanges[identifier] = SessionModel.Exchange(
        stage: stage, content: content, serial: session.nextSerial())
    }
    unacknowledged.insert(identifier)
    let window = Int(connect?.properties.receiveMaximum ?? .max)
    try expect(unacknowledged.count <= window, "\(unacknowledged.count) unacknowledged, and \(window) allowed")
  }
}
