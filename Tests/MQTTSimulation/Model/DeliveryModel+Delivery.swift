import MQTTProtocol

extension DeliveryModel {
  /// The server wrote a PUBLISH: is it one that this client may get, now and so?
  func wrotePublish(_ publish: PublishPacket, on connection: ModelConnection, _ step: Int) {
    guard let session = connection.session, let topic = topic(of: publish, on: connection) else { return }
    if publish.payload.isEmpty {
      wroteClear(publish, topic, to: session, on: connection, step)
      return
    }
    guard let id = ModelMessage.id(in: publish.payload), messages.indices.contains(id),
      messages[id].payload == publish.payload, messages[id].topic == topic
    else {
      let text = String(decoding: publish.payload.prefix(20), as: UTF8.self)
      return fail("[MQTT-3.3.2-1]", expected: "a message that was published", got: "\(topic) \(text)")
    }
    let message = messages[id]
    if message.isWill && message.acceptances.isEmpty { seenEarly(message, step) }
    guard keepsExchange(publish, message, topic, to: session, on: connection) else { return }
    if message.isCancelled {
      return fail("[MQTT-3.1.3-9]", expected: "\(message.name), a will taken back, to be gone", got: "it was sent")
    }
    // A session that is evicted brings its will.
    if let notBefore = message.notBefore, now < notBefore, !mayEvict {
      return fail("[MQTT-3.1.3-9]", expected: "the will \(message.name) at \(notBefore)", got: "it was sent at \(now)")
    }
    checkContent(publish, message, connection)
    classify(publish, message, to: session, on: connection, step)
  }

  private func topic(of publish: PublishPacket, on connection: ModelConnection) -> String? {
    let topic = String(decoding: publish.topic, as: UTF8.self)
    guard let alias = publish.properties.topicAlias else { return topic }
    guard connection.version == .v5, alias > 0, alias <= connection.aliasMaximum else {
      fail("[MQTT-3.1.2-26]", expected: "aliases up to \(connection.aliasMaximum)", got: "\(alias)")
      return nil
    }
    if !topic.isEmpty { connection.outboundAliases[alias] = topic }
    guard let known = connection.outboundAliases[alias] else {
      fail("3.3.2.3.4", expected: "an alias that stands for a topic", got: "\(alias) to \(connection.name)")
      return nil
    }
    return known
  }

  /// Keeps the account of packet identifiers; false where the packet repeats one that was counted before.
  private func keepsExchange(
    _ publish: PublishPacket, _ message: ModelMessage?, _ topic: String, to session: ModelSession,
    on connection: ModelConnection
  ) -> Bool {
    guard publish.qos != .atMostOnce else { return true }
    let identifier = publish.packetIdentifier
    if !publish.duplicate {
      checkHandedOn(message, session, connection)
      session.inflight.removeAll { $0.packetIdentifier == identifier && $0.mayBeGone }
    }
    if publish.duplicate, session.deaths > 0 {
      // A hub that died took the identifier of what was lost with another for a message that it did not come to write.
      session.inflight.removeAll {
        $0.packetIdentifier == identifier && $0.mayBeGone && ($0.message !== message || $0.qos != publish.qos)
      }
    }
    let place = session.inflight.firstIndex { $0.packetIdentifier == identifier }
    connection.open.append(identifier)
    if connection.open.count > connection.window {
      fail("[MQTT-3.3.4-9]", expected: "at most \(connection.window) open", got: "\(connection.open.count)")
    }
    guard publish.duplicate else {
      if let place {
        fail(
          "[MQTT-2.2.1-4]", expected: "an identifier not in use",
          got: "\(identifier) to \(connection.name), used by \(session.inflight[place].message?.name ?? "a clear")")
      }
      session.exchanges += 1
      session.inflight.append(
        .init(
          packetIdentifier: identifier, message: message, topic: topic, qos: publish.qos, connection: connection,
          order: session.exchanges, mayBeShared: mayBeShared(message, session)))
      return true
    }
    guard let place else {
      if session.deaths > 0 {
        // What the hub had on disk and did not send, or heard the acknowledgement of and had not on disk.
        session.exchanges += 1
        session.inflight.append(
          .init(
            packetIdentifier: identifier, message: message, topic: topic, qos: publish.qos, connection: connection,
            order: session.exchanges, mayBeShared: mayBeShared(message, session)))
        return true
      }
      fail("[MQTT-3.3.1-1]", expected: "DUP on what was sent before", got: "\(identifier) to \(connection.name)")
      return false
    }
    let exchange = session.inflight[place]
    if exchange.message !== message || exchange.topic != topic || exchange.qos != publish.qos {
      fail("[MQTT-4.4.0-1]", expected: "the same message again", got: "another under \(identifier)")
    }
    if exchange.isReleased, !exchange.mayBeAgain {
      fail("[MQTT-4.3.3-6]", expected: "no PUBLISH after PUBREC", got: "\(identifier) to \(connection.name)")
    }
    if exchange.connection === connection {
      fail("[MQTT-4.4.0-1]", expected: "to be sent again on a new connection only", got: "\(identifier)")
    }
    if exchange.order < connection.lastRepeated {
      fail("4.6", expected: "to be sent again in the order of the first time", got: "\(identifier)")
    }
    connection.lastRepeated = exchange.order
    session.inflight[place].isReleased = false
    session.inflight[place].connection = connection
    session.inflight[place].mayBeGone = false
    return false
  }

  /// What was sent to a member of a group and is still its own goes again as what it was; only what another member got
  /// meanwhile may come back as new.
  private func checkHandedOn(_ message: ModelMessage?, _ session: ModelSession, _ connection: ModelConnection) {
    guard let message, let exchange = session.inflight.first(where: { $0.mayBeGone && $0.message === message }),
      exchange.mayBeShared, Self.size(of: message) <= session.smallestPacketLimit
    else { return }
    // Whoever might have been given it may have handed it back, written or not.
    let othersMayHaveHadIt = sessions.contains { other in
      other !== session
        && message.acceptances.contains { acceptance in
          liveSubscriptions(of: other, for: message, acceptance).contains { $0.group != nil }
        }
    }
    let copies = message.acceptances.reduce(0) {
      $0 + Self.liveCopies(liveSubscriptions(of: session, for: message, $1))
    }
    if !othersMayHaveHadIt, copies == 1, session.deaths == 0 {
      fail(
        "[MQTT-4.4.0-1]", expected: "\(message.name) again as \(exchange.packetIdentifier) with DUP",
        got: "it as new to \(connection.name)")
    }
  }

  private func mayBeShared(_ message: ModelMessage?, _ session: ModelSession) -> Bool {
    guard let message else { return session.subscriptions.contains { $0.group != nil } }
    return message.acceptances.contains {
      liveSubscriptions(of: session, for: message, $0).contains { $0.group != nil }
    }
  }

  /// Properties and times, for whoever may get the message.
  private func checkContent(_ publish: PublishPacket, _ message: ModelMessage, _ connection: ModelConnection) {
    if let expiry = message.expiry, let first = message.acceptances.first, let last = message.acceptances.last {
      let slack: Int64 = message.isWill ? 4_000 : 1_000
      // One whose identifier was on disk when the hub died may have been sent before.
      if now > last.time + Int64(expiry) * 1000 + slack, !publish.duplicate {
        // [MQTT-3.3.2-5]
        fail("[MQTT-3.3.2-5]", expected: "\(message.name) to have expired", got: "it was sent to \(connection.name)")
      }
      if connection.version == .v5 {
        let remaining = publish.properties.messageExpiryInterval.map { Int64($0) } ?? -1
        // A will goes out when what came before DISCONNECT is committed.
        let latest = last.time + (message.isWill ? slack : 0)
        let most = Int64(expiry) - max(0, now - latest) / 1000 + 1
        // A session that is evicted brings its will at once.
        let mayBeEarly = (message.isWill && mayEvict) || message.wasRepeated
        let earliest = mayBeEarly ? start : min(first.time, message.notBefore ?? first.time)
        let least = Int64(expiry) - (now - earliest + slack) / 1000 - 1
        if remaining > most || remaining < least {
          fail("[MQTT-3.3.2-6]", expected: "\(least)...\(most) seconds left of \(message.name)", got: "\(remaining)")
        }
      }
    }
    guard connection.version == .v5 else { return }
    let seen = publish.properties.items.filter {
      switch $0 {
      case .messageExpiryInterval, .subscriptionIdentifier, .topicAlias: false
      default: true
      }
    }
    if seen != message.properties {
      fail("[MQTT-3.3.2-17]", expected: "\(message.properties) with \(message.name)", got: "\(seen)")
    }
  }

  /// A message that clears: all such of one topic are alike, so only the right to it is looked at.
  private func wroteClear(
    _ publish: PublishPacket, _ topic: String, to session: ModelSession, on connection: ModelConnection, _ step: Int
  ) {
    guard keepsExchange(publish, nil, topic, to: session, on: connection) else { return }
    let isOwed = messages.contains { message in
      message.isClear && message.topic == topic
        && message.acceptances.contains { acceptance in
          !liveSubscriptions(of: session, for: message, acceptance).isEmpty
        }
    }
    if !isOwed { fail("3.3.4", expected: "no message on \(topic) to \(connection.name)", got: "a clear") }
  }

  /// The subscriptions by which a message may have come while it was routed.
  func liveSubscriptions(
    of session: ModelSession, for message: ModelMessage, _ acceptance: ModelMessage.Acceptance
  ) -> [ModelSubscription] {
    guard !acceptance.isRefused else { return [] }
    return session.subscriptions.filter {
      // What waits for one member of a group may be handed on to one that joins later.
      $0.mayHold(from: acceptance.step, to: $0.group == nil ? acceptance.routed ?? step : step)
        && topics.matches($0.topicFilter, message.topic)
        && !($0.noLocal && message.publisher == session.client)
    }
  }
}
