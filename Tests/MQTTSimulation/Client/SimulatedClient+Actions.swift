import MQTTProtocol

extension SimulatedClient {
  /// Does something that the seed chooses.
  func act() {
    guard state == .connected, let link else { return }
    let action = ClientAction(rawValue: world.random.weighted(world.profile.weights.inOrder)) ?? .publish
    switch action {
    case .publish: publish()
    case .publishBurst: for _ in 0..<world.random.number(2...8) { publish() }
    case .subscribe: subscribe()
    case .unsubscribe: unsubscribe()
    case .disconnect: disconnect()
    case .closeAbruptly: world.clientCloses(self, isAbrupt: true)
    case .cutNetwork:
      world.trace { "link \(link.id) of \(self.name) is cut" }
      link.isCut = true
      world.plan(.clientGivesUp(client: index, link: link.id), in: world.random.time(500...15_000))
    case .takeOver:
      // It crashed: its old connection is left as it is.
      world.trace { "\(self.name) starts afresh" }
      lost()
    case .stopReading:
      world.trace { "\(self.name) stops reading" }
      link.isClientReading = false
      world.plan(
        .clientResumesReading(client: index, link: link.id),
        in: world.random.time(100...world.random.pick([9_000, 70_000])))
    case .holdAcknowledgements:
      isHoldingAcknowledgements = true
      world.plan(.clientReleasesAcknowledgements(client: index, link: link.id), in: world.random.time(50...9_000))
    case .ping: send(.pingreq)
    }
  }

  private func publish() {
    // A publish may have ended the connection in the same burst.
    guard state == .connected else { return }
    var qos = world.random.pick(QoS.allCases)
    if outgoing.count >= min(serverReceiveMaximum, 20) { qos = .atMostOnce }
    let retain = world.random.chance(25)
    let (properties, expiry) = messageProperties()
    let isClear = retain && world.random.chance(20)
    let message = world.model.compose(
      topic: world.random.pick(world.profile.topics), padding: world.random.below(world.profile.maximumPadding + 1),
      isClear: isClear, publisher: index, qos: qos, retain: retain, expiry: expiry, properties: properties.items)
    let identifier = qos == .atMostOnce ? 0 : newIdentifier()
    if qos != .atMostOnce { outgoing.append(Outgoing(packetIdentifier: identifier, message: message)) }
    send(message, packetIdentifier: identifier, isDuplicate: false)
  }

  func send(_ message: ModelMessage, packetIdentifier: UInt16, isDuplicate: Bool) {
    guard let model else { return }
    var properties = Properties(message.properties)
    if let expiry = message.expiry { properties.append(.messageExpiryInterval(expiry)) }
    var topic = message.topic
    if serverAliasMaximum > 0, !isDuplicate, world.random.chance(50) {
      let alias = UInt16(world.random.number(1...Int(serverAliasMaximum)))
      properties.append(.topicAlias(alias))
      if sentAliases[alias] == topic {
        topic = ""
      } else {
        sentAliases[alias] = topic
      }
    }
    world.model.clientSends(message, on: model)
    send(
      .publish(
        PublishPacket(
          topic: Array(topic.utf8), payload: message.payload, qos: message.qos, retain: message.retain,
          duplicate: isDuplicate, packetIdentifier: packetIdentifier, properties: properties)))
  }

  /// Requests that a client has open at most, so that packet identifiers are left.
  private static let mostRequests = 15

  private func subscribe() {
    guard pendingRequests.count < Self.mostRequests else { return }
    var subscriptions: [Subscription] = []
    for _ in 0..<world.random.pick([1, 1, 2, 3]) {
      var filter = world.random.pick(world.profile.filters)
      let isShared = world.profile.features.contains(.sharedSubscriptions) && world.random.chance(20)
      if isShared { filter = "$share/\(world.random.pick(world.profile.groups))/\(filter)" }
      guard !subscriptions.contains(where: { $0.filter == filter }) else { continue }
      var subscription = Subscription(filter: filter, qos: world.random.pick(QoS.allCases))
      if version == .v5 {
        subscription.noLocal = !isShared && world.random.chance(20)
        subscription.retainAsPublished = world.random.chance(40)
        subscription.retainHandling = world.random.pick(RetainHandling.allCases)
      }
      subscriptions.append(subscription)
    }
    request(subscriptions)
  }

  func request(_ subscriptions: [Subscription]) {
    let identifier = newIdentifier()
    var properties = Properties()
    if version == .v5, world.random.chance(40) {
      properties.append(.subscriptionIdentifier(UInt32(world.random.pick([1, 2, 3, 200, 20_000]))))
    }
    let names = subscriptions.map(\.filter)
    filters += names.filter { !filters.contains($0) }
    pendingRequests.append((identifier, names, true))
    send(
      .subscribe(
        SubscribePacket(packetIdentifier: identifier, subscriptions: subscriptions, properties: properties)))
  }

  private func unsubscribe() {
    guard pendingRequests.count < Self.mostRequests else { return }
    var names = [world.random.pick(world.profile.filters)]
    if !filters.isEmpty, world.random.chance(80) { names = [world.random.pick(filters)] }
    let other = world.random.pick(world.profile.filters)
    if other != names[0], world.random.chance(20) { names.append(other) }
    filters.removeAll { names.contains($0) }
    let identifier = newIdentifier()
    pendingRequests.append((identifier, names, false))
    send(.unsubscribe(UnsubscribePacket(packetIdentifier: identifier, filters: names)))
  }

  private func disconnect() {
    var packet = DisconnectPacket()
    if version == .v5 {
      if world.random.chance(30) { packet.reasonCode = .disconnectWithWill }
      if sessionExpiry > 0, world.random.chance(40) {
        sessionExpiry = world.random.pick([0, 2, 60])
        packet.properties = [.sessionExpiryInterval(sessionExpiry)]
        // DISCONNECT has no answer: whoever ends its session so says Clean Start, lest the hub has not heard it.
        if sessionExpiry == 0, world.profile.restarts > 0 { hasForgotten = true }
      }
    }
    send(.disconnect(packet))
    world.clientCloses(self, isAbrupt: false)
  }

  /// Says goodbye for good: its session ends too.
  func leave() {
    var packet = DisconnectPacket()
    if version == .v5, sessionExpiry > 0 { packet.properties = [.sessionExpiryInterval(0)] }
    send(.disconnect(packet))
    world.clientCloses(self, isAbrupt: false)
  }
}
