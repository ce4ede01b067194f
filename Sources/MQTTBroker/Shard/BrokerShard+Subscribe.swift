import MQTTProtocol

extension BrokerShard {
  func receivedSubscribe(
    _ packet: SubscribePacket, on connection: ClientConnection, _ session: ClientSession, at time: BrokerTime
  ) {
    guard takesAnswer(of: packet.subscriptions.count, connection) else {
      refuse(connection, .packetTooLarge, at: time)
      return
    }
    var codes: [ReasonCode] = []
    codes.reserveCapacity(packet.subscriptions.count)
    var changes = RequestedChanges()
    let identifier = packet.properties.subscriptionIdentifiers.first ?? 0
    for subscription in packet.subscriptions {
      switch check(subscription, on: connection, session, changes) {
      case .failure(let refusal):
        statistics.subscriptionsRefused += 1
        // 3.1.1 knows one failure [MQTT-3.9.3-2].
        codes.append(connection.version == .v5 ? refusal.reason : .unspecifiedError)
      case .success(let name):
        let entry = SubscriptionEntry(
          subscriber: session.subscriber, qos: subscription.qos, noLocal: subscription.noLocal,
          retainAsPublished: subscription.retainAsPublished, identifier: identifier, isByMe: name.isByMe,
          isExact: !name.filter.contains { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "#") })
        let isNew = session.subscriptions.updateValue(entry, forKey: name.key) == nil
        if isNew { subscriptionBegan(name.key, isShared: name.share != nil) }
        let change = Broker.SubscriptionChange(
          filter: name.filter, share: name.share, entry: entry,
          wantsRetained: wantsRetained(subscription, name, isNew: isNew))
        if change.wantsRetained { reserve(bytesToWalk(name.filter, session, changes), for: session) }
        changes.set(change, key: name.key)
        codes.append(ReasonCode(rawValue: subscription.qos.rawValue))
      }
    }
    let suback = ControlPacket.suback(SubackPacket(packetIdentifier: packet.packetIdentifier, reasonCodes: codes))
    guard !changes.all.isEmpty else {
      answer(suback, on: connection, session, at: time)
      return
    }
    broker.subscribe(&changes.all)
    for change in changes.all {
      // The groups as the tree has them.
      session.subscriptions[change.share ?? change.filter] = change.entry
      // What the former subscription still owes is not lost [MQTT-3.8.4-4].
      if change.share == nil { session.retainedWalks.subscriptionChanged(to: change.entry, filter: change.filter) }
    }
    if session.isDurable {
      for change in changes.all {
        record(.subscribed(session: session.number, DurableSubscription(change, of: session)))
      }
    }
    answer(suback, on: connection, session, at: time)
    beginRetained(changes.all, to: connection, session, at: time)
    for change in changes.all where change.entry.isExact && change.share == nil {
      if case .device(let topic) = change.filter.withUnsafeBytes({ DeviceTopicParser.meaning(of: $0) }) {
        sink.subscribed(connection, to: topic, qos: change.entry.qos, at: time)
      }
    }
    if changes.all.contains(where: { $0.share != nil }) { takeWaiting(for: session, at: time) }
  }

  /// Whether a SUBACK or UNSUBACK with so many codes is small enough for the client [MQTT-3.1.2-24].
  private func takesAnswer(of count: Int, _ connection: ClientConnection) -> Bool {
    // Beside the codes: at most five bytes of fixed header, the identifier and the property length.
    if count + 8 <= connection.maximumPacketSize { return true }
    let answer = SubackPacket(packetIdentifier: 0, reasonCodes: Array(repeating: .success, count: count))
    return ControlPacket.suback(answer).encodedSize(version: connection.version) <= connection.maximumPacketSize
  }

  /// SUBACK or UNSUBACK: at once, or after the commit of what a session must remember.
  private func answer(
    _ packet: ControlPacket, on connection: ClientConnection, _ session: ClientSession, at time: BrokerTime
  ) {
    if session.isDurable && !isCommitted(at: time) {
      unheldEffects.append(.send(connection, packet))
    } else {
      write(packet, to: connection)
    }
  }

  private func subscriptionBegan(_ key: [UInt8], isShared: Bool) {
    statistics.subscriptions += 1
    if isShared { statistics.sharedSubscriptions += 1 }
    if Self.isOfSystem(key) { broker.systemSubscriptionsChanged(by: 1) }
    broker.memory.stateChanged(by: Self.stateBytes(of: key))
  }

  /// What a subscription counts for: its filter, and its places in the tree and with its client.
  static func stateBytes(of filter: [UInt8]) -> Int {
    filter.count + 256 + Broker.treeBytes(levels: levelCount(filter))
  }

  private struct SubscriptionRefusal: Error {
    let reason: ReasonCode
  }

  /// A filter as the hub knows it, `me` rewritten.
  private struct FilterName {
    let filter: [UInt8]
    /// `$share/group/filter`.
    var share: [UInt8]?
    let isByMe: Bool

    /// What the session knows it by.
    var key: [UInt8] { share ?? filter }
  }

  /// Splits off the group of a shared subscription and rewrites `me`; nil where `me` is nobody.
  private func name(of filter: String, for connection: ClientConnection) -> FilterName? {
    let shared = SharedSubscription(filter)
    let plain = shared?.filter ?? filter
    guard let resolved = resolve(Array(plain.utf8), for: connection) else { return nil }
    let isByMe = plain.utf8.starts(with: "v1/devices/me/".utf8)
    guard let shared else { return FilterName(filter: resolved, isByMe: isByMe) }
    return FilterName(
      filter: resolved, share: Array("\(SharedSubscription.prefix)\(shared.group)/".utf8) + resolved, isByMe: isByMe)
  }

  /// The filter, or why it is refused.
  private func check(
    _ subscription: Subscription, on connection: ClientConnection, _ session: ClientSession,
    _ changes: borrowing RequestedChanges
  ) -> Result<FilterName, SubscriptionRefusal> {
    guard let name = name(of: subscription.filter, for: connection),
      TopicAuthorization.maySubscribe(connection.principal, filter: name.filter)
    else { return .failure(.init(reason: .notAuthorized)) }
    guard isWithinLevelLimit(name.filter) else { return .failure(.init(reason: .topicFilterInvalid)) }
    let isNew = session.subscriptions[name.key] == nil
    guard !isNew || session.subscriptions.count < limits.maximumSubscriptionsPerClient else {
      return .failure(.init(reason: .quotaExceeded))
    }
    let bytes =
      (isNew ? Self.stateBytes(of: name.key) : 0)
      + (wantsRetained(subscription, name, isNew: isNew) ? bytesToWalk(name.filter, session, changes) : 0)
    guard bytes == 0 || !broker.memory.isStateFull(with: bytes) else { return .failure(.init(reason: .quotaExceeded)) }
    return .success(name)
  }

  /// A shared subscription brings no retained messages (§4.8.2).
  private func wantsRetained(_ subscription: Subscription, _ name: FilterName, isNew: Bool) -> Bool {
    guard name.share == nil else { return false }
    switch subscription.retainHandling {
    case .sendAtSubscribe: return true
    case .sendIfNew: return isNew
    case .doNotSend: return false
    }
  }

  func receivedUnsubscribe(
    _ packet: UnsubscribePacket, on connection: ClientConnection, _ session: ClientSession, at time: BrokerTime
  ) {
    guard takesAnswer(of: packet.filters.count, connection) else {
      refuse(connection, .packetTooLarge, at: time)
      return
    }
    var codes: [ReasonCode] = []
    var removed: [(filter: [UInt8], share: [UInt8]?)] = []
    for filter in packet.filters {
      guard let name = name(of: filter, for: connection),
        let entry = session.subscriptions.removeValue(forKey: name.key)
      else {
        codes.append(.noSubscriptionExisted)
        continue
      }
      statistics.subscriptions -= 1
      if entry.share != nil { statistics.sharedSubscriptions -= 1 }
      subscriptionEnded(name.key)
      // A group has none.
      if name.share == nil { session.retainedWalks.remove(name.filter) }
      removed.append((name.filter, name.share))
      codes.append(.success)
      if entry.isExact, entry.share == nil,
        case .device(let topic) = name.filter.withUnsafeBytes({ DeviceTopicParser.meaning(of: $0) })
      {
        sink.unsubscribed(connection, from: topic, at: time)
      }
    }
    if !removed.isEmpty {
      broker.unsubscribe(session.subscriber.id, from: removed)
      account(session)
      if session.isDurable {
        for (filter, share) in removed { record(.unsubscribed(session: session.number, filter: share ?? filter)) }
      }
    }
    answer(
      .unsuback(SubackPacket(packetIdentifier: packet.packetIdentifier, reasonCodes: codes)), on: connection, session,
      at: time)
  }
}

extension DurableSubscription {
  /// As a SUBSCRIBE changed it, before it has brought any retained message.
  fileprivate init(_ change: Broker.SubscriptionChange, of session: ClientSession) {
    let entry = change.entry
    let former = change.share == nil ? session.retainedWalks[change.filter] : nil
    self.init(
      filter: change.share ?? change.filter, qos: entry.qos, noLocal: entry.noLocal,
      retainAsPublished: entry.retainAsPublished, identifier: entry.identifier, isByMe: entry.isByMe,
      retained: change.wantsRetained
        ? RetainedProgress(lastSerial: change.lastSerial, place: nil, isOwed: false)
        : former.map { RetainedProgress($0) })
  }
}
