import MQTTProtocol

/// The life of sessions between and beyond connections (MQTT 5.0 §4.1).
extension BrokerShard {
  func makeSession(for claim: ClientClaim, expiryInterval: UInt32) -> ClientSession {
    let slot = freeSessionSlots.last ?? sessions.count
    let subscriber = Subscriber(
      id: SubscriberID(rawValue: broker.nextIdentity()), clientIdentifier: claim.clientIdentifier,
      isDurable: expiryInterval != 0, shard: index, slot: slot)
    let session = ClientSession(subscriber: subscriber, claim: claim, expiryInterval: expiryInterval)
    attach(session)
    broker.sessionCountChanged(by: 1)
    return session
  }

  /// Gives a session its place in this shard.
  func attach(_ session: ClientSession) {
    let slot = freeSessionSlots.popLast() ?? sessions.count
    if slot == sessions.count { sessions.append(nil) }
    sessions[slot] = session
    session.slot = slot
    statistics.sessions += 1
    statistics.subscriptions += session.subscriptions.count
    statistics.sharedSubscriptions += session.sharedCount
    statistics.queuedMessages += session.accountedMessages
    statistics.queuedBytes += session.accountedBytes
    if let deadline = session.nextDeadline { nextSessionDeadline = min(nextSessionDeadline, deadline) }
  }

  func detach(_ session: ClientSession) {
    sessions[session.slot] = nil
    freeSessionSlots.append(session.slot)
    session.slot = -1
    statistics.sessions -= 1
    statistics.subscriptions -= session.subscriptions.count
    statistics.sharedSubscriptions -= session.sharedCount
    statistics.queuedMessages -= session.accountedMessages
    statistics.queuedBytes -= session.accountedBytes
  }

  /// The session of a subscriber, where this shard has it; one that is leaving still gathers here.
  @inline(__always)
  func session(of subscriber: Subscriber) -> ClientSession? {
    if let slot = subscriber.slot, slot < sessions.count, let session = sessions[slot],
      session.subscriber === subscriber
    {
      return session
    }
    return departures.isEmpty ? nil : departures[subscriber.id]?.session
  }

  /// The client went away: its session ends, or waits for it.
  func leave(_ session: ClientSession, publishesWill: Bool, at time: BrokerTime) {
    session.connection = nil
    statistics.sessionsConnected -= 1
    session.subscriber.connectionChanged(to: false)
    if !publishesWill, session.will != nil {
      if session.isRecorded { record(.willEnded(session: session.number), isAwaited: false) }
      dropWill(of: session)
    }
    guard session.isPersistent else {
      endSession(session, at: time)
      return
    }
    session.expiresAt = ClientSession.deadline(in: session.expiryInterval, from: time.monotonic)
    let delay = session.will?.properties.willDelayInterval ?? 0
    if delay == 0 {
      publishWill(of: session, at: time)
    } else if session.will != nil {
      // The session's end brings it anyway, if that is sooner [MQTT-3.1.3-9].
      session.willDueAt = ClientSession.deadline(in: delay, from: time.monotonic)
    }
    if let deadline = session.nextDeadline { nextSessionDeadline = min(nextSessionDeadline, deadline) }
    record(
      .left(
        session: session.number, at: time.monotonic, expiryInterval: session.expiryInterval,
        willDueAt: session.willDueAt), isAwaited: false)
    for recorded in session.outbound.disconnected() { recordEnd(recorded, of: session.number) }
    session.retainedWalks.removeAll { $0.entry.qos == .atMostOnce }
    account(session)
    if session.hasSharedSubscriptions { handOn(from: session, isEnding: false, at: time) }
  }

  /// Ends a session for good: its will is due, its subscriptions and messages go, its client identifier is free.
  func endSession(_ session: ClientSession, at time: BrokerTime) {
    publishWill(of: session, at: time)
    let filters = session.subscriptions.map { (filter: $0.value.share?.filter ?? $0.key, share: $0.value.share?.name) }
    broker.unsubscribe(session.subscriber.id, from: filters)
    if session.hasSharedSubscriptions { handOn(from: session, isEnding: true, at: time) }
    for recorded in session.outbound.closed() { recordEnd(recorded, of: session.number) }
    session.retainedWalks.removeAll()
    broker.memory.stateChanged(by: -InboundFlow.bytesOfExchange * session.inbound.openCount)
    account(session)
    for filter in session.subscriptions.keys { subscriptionEnded(filter) }
    detach(session)
    session.subscriptions.removeAll()
    broker.sessionCountChanged(by: -1)
    if session.isRecorded { record(.ended(session: session.number), isAwaited: session.isDurable) }
    // Last, so that whoever finds the name free finds its former owner's end, will and publishes behind it.
    if isCommitted(at: time) {
      broker.unregister(session.claim)
    } else {
      unheldEffects.append(.free(session.claim))
    }
  }

  /// What a subscription counted for is free again.
  func subscriptionEnded(_ filter: [UInt8]) {
    broker.memory.stateChanged(by: -Self.stateBytes(of: filter))
    if Self.isOfSystem(filter) { broker.systemSubscriptionsChanged(by: -1) }
  }

  /// Whether a filter, shared or not, begins with `$SYS`.
  static func isOfSystem(_ filter: [UInt8]) -> Bool {
    let prefix = "$SYS".utf8
    guard filter.starts(with: SharedSubscription.prefix.utf8) else { return filter.starts(with: prefix) }
    let group = filter.dropFirst(SharedSubscription.prefix.utf8.count)
    return group.drop { $0 != UInt8(ascii: "/") }.dropFirst().starts(with: prefix)
  }

  /// Wills and sessions whose time has come without their clients.
  func settleAbsentSessions(at time: BrokerTime) {
    guard time.monotonic >= nextSessionDeadline else { return }
    nextSessionDeadline = .max
    for case .some(let session) in sessions where session.connection == nil {
      settle(absent: session, at: time)
      if session.slot >= 0, let deadline = session.nextDeadline {
        nextSessionDeadline = min(nextSessionDeadline, deadline)
      }
    }
  }

  /// Ends a session without its client, or publishes its will, where the time for it has come.
  func settle(absent session: ClientSession, at time: BrokerTime) {
    guard session.connection == nil else { return }
    if let expiry = session.expiresAt, expiry <= time.monotonic {
      statistics.sessionsExpired += 1
      endSession(session, at: time)
    } else if let due = session.willDueAt, due <= time.monotonic {
      publishWill(of: session, at: time)
    }
  }

  // MARK: Wills

  func dropWill(of session: ClientSession) {
    session.will = nil
    session.willDueAt = nil
    broker.memory.stateChanged(by: -session.willBytes)
    session.willBytes = 0
  }

  func publishWill(of session: ClientSession, at time: BrokerTime) {
    guard let will = session.will else { return }
    // Together with what it brings, so that it comes once.
    if session.isRecorded { record(.willEnded(session: session.number), isAwaited: false) }
    dropWill(of: session)
    var properties = will.properties
    let lifetime = properties.messageExpiryInterval.map { Int64($0) * 1000 }
    properties.items.removeAll {
      if case .willDelayInterval = $0 { return true }
      return false
    }
    var message = HubPublish(
      topic: Array(will.topic.utf8), payload: will.payload, qos: will.qos, retain: will.retain,
      properties: properties, lifetime: lifetime, isForSink: true)
    message.publisher = session.subscriber
    publish(message)
    // At once: what the session's next connection says must not be overtaken by the last word of this one.
    performHubPublishes(at: time)
  }
}

extension ClientSession {
  fileprivate var sharedCount: Int { subscriptions.values.count { $0.share != nil } }
}
