import MQTTProtocol

extension DeliveryModel {
  func receivedPublish(_ publish: PublishPacket, on connection: ModelConnection, _ step: Int) {
    guard let session = connection.session, connection.received < connection.sent.count else { return }
    let message = connection.sent[connection.received]
    connection.received += 1
    var topic = String(decoding: publish.topic, as: UTF8.self)
    if let alias = publish.properties.topicAlias {
      if topic.isEmpty {
        topic = connection.inboundAliases[alias] ?? ""
      } else {
        connection.inboundAliases[alias] = topic
      }
    }
    precondition(topic == message.topic && publish.payload == message.payload, "BUG: the simulated network errs")
    switch publish.qos {
    case .atMostOnce:
      accept(message, step, routed: step)
    case .atLeastOnce:
      accept(message, step, routed: nil)
      connection.owed.append(
        .init(
          packetIdentifier: publish.packetIdentifier, message: message, acceptance: message.acceptances.count - 1,
          qos: .atLeastOnce))
    case .exactlyOnce:
      var acceptance: Int?
      if session.inbound[publish.packetIdentifier] == nil {
        session.inbound[publish.packetIdentifier] = message
        accept(message, step, routed: nil)
        acceptance = message.acceptances.count - 1
      } else if session.deaths > 0, message.acceptances.last?.routed == nil {
        // Taken by a hub that died, or by this one: now it is certain.
        let last = message.acceptances.count - 1
        acceptance = last
        message.acceptances[last] = .init(step: message.acceptances[last].step, time: now, routed: nil)
        message.wasRepeated = true
        beginRetained(message)
      } else if allowsLoss, message.acceptances.last?.routed == nil {
        // A limit may have refused it when its client was gone: then it is taken anew.
        message.acceptances.append(.init(step: step, time: now, routed: nil))
        message.isDoubtful = true
      }
      connection.owed.append(
        .init(
          packetIdentifier: publish.packetIdentifier, message: message, acceptance: acceptance, qos: .exactlyOnce))
    }
  }

  private func accept(_ message: ModelMessage, _ step: Int, routed: Int?) {
    message.acceptances.append(.init(step: step, time: now, routed: routed))
    beginRetained(message)
    if routed != nil {
      finishRetained(message)
      expectDelivery(of: message, message.acceptances[message.acceptances.count - 1])
    }
  }

  /// PUBACK or PUBREC was written: the message is the server's now.
  func wroteAcknowledgement(
    _ packet: AcknowledgementPacket, _ qos: QoS, on connection: ModelConnection, _ step: Int
  ) {
    let name = qos == .atLeastOnce ? "PUBACK" : "PUBREC"
    guard let place = connection.owed.firstIndex(where: { $0.qos == qos }) else {
      return fail("4.3", expected: "no \(name) to \(connection.name)", got: "one of \(packet.packetIdentifier)")
    }
    let owed = connection.owed.remove(at: place)
    guard owed.packetIdentifier == packet.packetIdentifier else {
      // As [MQTT-4.6.0-2] and [MQTT-4.6.0-3] ask of clients.
      return fail(
        "4.6", expected: "\(name) of \(owed.packetIdentifier) to \(connection.name)",
        got: "\(packet.packetIdentifier)")
    }
    let message = owed.message
    if packet.reasonCode.isError {
      refused(owed, packet.reasonCode, on: connection)
      return
    }
    guard let acceptance = owed.acceptance else { return }
    message.acceptances[acceptance].routed = step
    if message.wasRepeated { forgetRetained(message) } else { finishRetained(message) }
    expectDelivery(of: message, message.acceptances[acceptance])
  }

  private func refused(_ owed: ModelConnection.Owed, _ reason: ReasonCode, on connection: ModelConnection) {
    let isForRoom = allowsLoss && reason == .quotaExceeded
    if !isForRoom {
      fail("4.3", expected: "\(owed.message.name) of \(connection.name) to be taken", got: "\(reason)")
    }
    if let acceptance = owed.acceptance { owed.message.acceptances[acceptance].isRefused = true }
    if owed.qos == .exactlyOnce { connection.session?.inbound[owed.packetIdentifier] = nil }
  }

  func wrotePubrel(_ pubrel: AcknowledgementPacket, on connection: ModelConnection) {
    guard let session = connection.session else { return }
    let isOpen = session.inflight.contains {
      $0.packetIdentifier == pubrel.packetIdentifier && ($0.isReleased || $0.mayBeAgain)
    }
    let isRepeated = session.deaths > 0 && session.completed.contains(pubrel.packetIdentifier)
    if !isOpen, !isRepeated {
      fail("[MQTT-4.3.3-5]", expected: "no PUBREL to \(connection.name)", got: "one of \(pubrel.packetIdentifier)")
    }
  }

  func wrotePubcomp(_ pubcomp: AcknowledgementPacket, on connection: ModelConnection) {
    guard let place = connection.owedPubcomps.firstIndex(of: pubcomp.packetIdentifier) else {
      return fail(
        "[MQTT-4.3.3-11]", expected: "no PUBCOMP to \(connection.name)", got: "one of \(pubcomp.packetIdentifier)")
    }
    connection.owedPubcomps.remove(at: place)
  }

  /// Notes to whom an accepted message is owed: whoever was subscribed all the while that it may have been routed.
  func expectDelivery(of message: ModelMessage, _ acceptance: ModelMessage.Acceptance) {
    guard let routed = acceptance.routed, !message.isClear, !(limitsRetained && message.retain) else { return }
    for case .some(let session) in newest where session.endedAt == nil {
      var qos: QoS?
      var filter = ""
      for subscription in session.subscriptions
      where subscription.group == nil && subscription.certainlyHolds(from: acceptance.step, to: routed)
        && topics.matches(subscription.topicFilter, message.topic)
        && !(subscription.noLocal && message.publisher == session.client)
      {
        qos = max(qos ?? .atMostOnce, min(subscription.qos, message.qos))
        filter = subscription.filter
      }
      guard let qos else { continue }
      var connection: ModelConnection?
      if qos == .atMostOnce {
        // Who was not connected all the while need not get it.
        guard let current = session.connection, current.acceptedAt < acceptance.step else { continue }
        connection = current
      }
      session.expectations.append(
        .init(message: message, isRetained: false, qos: qos, connection: connection, filter: filter))
    }
  }
}
