import MQTTProtocol

extension DeliveryModel {
  /// Which copy of the message this is, whether it is one too many, and whether it comes with the right QoS, flag,
  /// identifiers and in the right order.
  func classify(
    _ publish: PublishPacket, _ message: ModelMessage, to session: ModelSession, on connection: ModelConnection,
    _ step: Int
  ) {
    let live = message.acceptances.map { liveSubscriptions(of: session, for: message, $0) }
    let copies = retainedCopies(of: message, for: session)
    let liveMost = live.reduce(0) { $0 + Self.liveCopies($1) }
    let mayBeLive = live.contains { $0.contains { !publish.retain || ($0.retainAsPublished && message.retain) } }
    let mayBeRetained = publish.retain && !copies.isEmpty
    guard mayBeLive || mayBeRetained else {
      let isKnown = liveMost > 0 || !copies.isEmpty
      return fail(
        isKnown ? "[MQTT-3.3.1-12]" : "[MQTT-3.3.4-1]",
        expected: isKnown ? "\(message.name) with RETAIN \(!publish.retain)" : "no subscription for \(message.topic)",
        got: "\(message.name) with RETAIN \(publish.retain) to \(connection.name)")
    }
    var tally = session.tallies[message.id] ?? ModelSession.Tally()
    switch (mayBeLive, mayBeRetained) {
    case (true, true): tally.either += 1
    case (true, false): tally.live += 1
    default: tally.retained += 1
    }
    if publish.qos == .exactlyOnce { tally.exactlyOnce += 1 }
    session.tallies[message.id] = tally
    // A message of a group may come back to a member that was away, at QoS 2 as long as it was not sent so; how often in
    // all is looked at in the end.
    if live.joined().contains(where: { $0.group != nil }), tally.exactlyOnce <= liveMost + copies.count {
      return checkDetails(publish, message, live, copies, to: session, on: connection)
    }
    // What was acknowledged and not on disk yet comes again, but not at QoS 2.
    let again = publish.qos == .exactlyOnce ? 0 : session.deaths
    if publish.qos == .exactlyOnce, session.deaths > 0, tally.exactlyOnce > liveMost + copies.count {
      return fail(
        "[MQTT-4.3.3-2]", expected: "\(message.name) \(liveMost)+\(copies.count) times at QoS 2",
        got: "\(tally.exactlyOnce) times to \(connection.name)")
    }
    if publish.qos == .exactlyOnce, session.deaths > 0 {
      return checkDetails(publish, message, live, mayBeRetained ? copies : [], to: session, on: connection)
    }
    if tally.live > liveMost + again || tally.retained > copies.count + again
      || tally.written > liveMost + copies.count + again
    {
      return fail(
        "[MQTT-4.3.3-2]", expected: "\(message.name) \(liveMost)+\(copies.count) times to \(connection.name)",
        got: "\(tally.live) sent, \(tally.retained) as retained, \(tally.either) as either")
    }
    checkDetails(publish, message, live, mayBeRetained ? copies : [], to: session, on: connection)
    if mayBeLive && !mayBeRetained { checkOrder(publish, message, live, session, connection) }
  }

  private func checkDetails(
    _ publish: PublishPacket, _ message: ModelMessage, _ live: [[ModelSubscription]], _ copies: [ModelSubscription],
    to session: ModelSession, on connection: ModelConnection
  ) {
    checkQoS(publish, message, live, copies, connection)
    checkIdentifiers(publish, Array(live.joined()) + copies, connection)
  }

  /// One for all plain subscriptions together, one for each group.
  static func liveCopies(_ subscriptions: [ModelSubscription]) -> Int {
    var groups: [String] = []
    var hasPlain = false
    for subscription in subscriptions {
      if let group = subscription.group {
        if !groups.contains(group) { groups.append(group) }
      } else {
        hasPlain = true
      }
    }
    return groups.count + (hasPlain ? 1 : 0)
  }

  /// The lower of the message's and the highest subscription's [MQTT-3.3.5-1].
  private func checkQoS(
    _ publish: PublishPacket, _ message: ModelMessage, _ live: [[ModelSubscription]], _ copies: [ModelSubscription],
    _ connection: ModelConnection
  ) {
    var allowed = copies.map { min($0.qos, message.qos) }
    for (acceptance, subscriptions) in zip(message.acceptances, live) {
      let plain = subscriptions.filter { $0.group == nil }
      let least =
        plain.filter { $0.certainlyHolds(from: acceptance.step, to: acceptance.routed ?? step) }.map(\.qos).max()
        ?? .atMostOnce
      allowed += plain.map(\.qos).filter { $0 >= least }.map { min($0, message.qos) }
      allowed += subscriptions.filter { $0.group != nil }.map { min($0.qos, message.qos) }
    }
    if !allowed.contains(publish.qos) {
      fail("[MQTT-3.3.5-1]", expected: "\(message.name) at \(allowed)", got: "\(publish.qos) to \(connection.name)")
    }
  }

  private func checkIdentifiers(
    _ publish: PublishPacket, _ possible: [ModelSubscription], _ connection: ModelConnection
  ) {
    for identifier in publish.properties.subscriptionIdentifiers
    where !possible.contains(where: { $0.identifier == identifier }) {
      // [MQTT-3.3.4-3]
      fail("[MQTT-3.3.4-3]", expected: "identifiers of matching subscriptions", got: "\(identifier)")
    }
    let hasUnnamed = possible.contains { $0.identifier == 0 }
    if connection.version == .v5, !hasUnnamed, publish.properties.subscriptionIdentifiers.isEmpty {
      fail("[MQTT-3.3.4-3]", expected: "a Subscription Identifier to \(connection.name)", got: "none")
    }
  }

  /// Messages of one publisher on one topic at one QoS come as they were published [MQTT-4.6.0-6].
  private func checkOrder(
    _ publish: PublishPacket, _ message: ModelMessage, _ live: [[ModelSubscription]], _ session: ModelSession,
    _ connection: ModelConnection
  ) {
    // Copies by a group and by plain subscriptions may take different ways.
    guard !message.isWill, !live.joined().contains(where: { $0.group != nil }) else { return }
    let key = ModelSession.OrderKey(
      topic: message.topic, publisher: message.publisher, publishedQoS: message.qos, qos: publish.qos)
    let last = session.lastOrder[key] ?? 0
    guard let next = message.acceptances.map(\.step).first(where: { $0 >= last }) else {
      return fail(
        "[MQTT-4.6.0-6]", expected: "\(message.name) before what was published later on \(message.topic)",
        got: "it came after that, to \(connection.name)")
    }
    session.lastOrder[key] = next
  }

  /// A client handed a message to its application.
  func clientReceived(_ publish: PublishPacket, on connection: ModelConnection) {
    guard let session = connection.session, let id = ModelMessage.id(in: publish.payload), messages.indices.contains(id)
    else { return }
    var tally = session.tallies[id] ?? ModelSession.Tally()
    tally.received += 1
    if publish.retain { tally.receivedWithRetain += 1 }
    if publish.qos == .exactlyOnce {
      tally.receivedExactlyOnce += 1
      if tally.receivedExactlyOnce > tally.exactlyOnce {
        fail("[MQTT-4.3.3-2]", expected: "\(messages[id].name) once", got: "it again, to \(connection.name)")
      }
    }
    session.tallies[id] = tally
  }
}
