import Durability
import MQTTProtocol

extension BrokerShard {
  func receivedSubscribe(_ packet: SubscribePacket, on connection: ClientConnection, at time: BrokerTime) {
    guard let subscriber = connection.subscriber else { return }
    var codes: [ReasonCode] = []
    var granted: [(filter: [UInt8], entry: SubscriptionEntry)] = []
    // Each filter once, however often the packet repeats it.
    var retainedFor: [[UInt8]: SubscriptionEntry] = [:]
    let identifier = packet.properties.subscriptionIdentifiers.first ?? 0
    for subscription in packet.subscriptions {
      switch check(subscription, on: connection, newFilters: granted.count) {
      case .failure(let refusal):
        statistics.subscriptionsRefused += 1
        // 3.1.1 knows one failure [MQTT-3.9.3-2].
        codes.append(connection.version == .v5 ? refusal.reason : .unspecifiedError)
      case .success(let filter):
        let entry = SubscriptionEntry(
          subscriber: subscriber, qos: subscription.qos, noLocal: subscription.noLocal,
          retainAsPublished: subscription.retainAsPublished, identifier: identifier,
          isByMe: subscription.filter.utf8.starts(with: "v1/devices/me/".utf8),
          isExact: !filter.contains { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "#") })
        let isNew = connection.subscriptions.updateValue(entry, forKey: filter) == nil
        if isNew {
          statistics.subscriptions += 1
          broker.memory.stateChanged(by: Self.stateBytes(of: filter))
        }
        granted.append((filter, entry))
        if subscription.retainHandling == .sendAtSubscribe || (subscription.retainHandling == .sendIfNew && isNew) {
          retainedFor[filter] = entry
        }
        codes.append(ReasonCode(rawValue: subscription.qos.rawValue))
      }
    }
    let retained = granted.isEmpty ? nil : broker.subscribe(granted)
    write(
      .suback(SubackPacket(packetIdentifier: packet.packetIdentifier, reasonCodes: codes)), to: connection)
    for (filter, entry) in retainedFor {
      retained?.forEachTopic(matching: SubscriptionTree.levels(of: filter)) {
        deliverRetained($0, to: connection, entry, at: time)
      }
    }
    for (filter, entry) in granted where entry.isExact {
      if case .device(let topic) = filter.withUnsafeBytes({ DeviceTopicParser.meaning(of: $0) }) {
        sink.subscribed(connection, to: topic, qos: entry.qos, at: time)
      }
    }
  }

  /// What a subscription counts for: its filter, and its places in the tree and with its client.
  static func stateBytes(of filter: [UInt8]) -> Int {
    filter.count + 256 + Broker.treeBytes(levels: levelCount(filter))
  }

  private struct SubscriptionRefusal: Error {
    let reason: ReasonCode
  }

  /// The filter with `me` rewritten, or why it is refused.
  private func check(
    _ subscription: Subscription, on connection: ClientConnection, newFilters: Int
  ) -> Result<[UInt8], SubscriptionRefusal> {
    let name = Array(subscription.filter.utf8)
    if name.starts(with: "$share/".utf8) { return .failure(.init(reason: .sharedSubscriptionsNotSupported)) }
    guard isWithinLevelLimit(name) else { return .failure(.init(reason: .topicFilterInvalid)) }
    guard let filter = resolve(name, for: connection),
      TopicAuthorization.maySubscribe(connection.principal, filter: filter)
    else { return .failure(.init(reason: .notAuthorized)) }
    if connection.subscriptions[filter] == nil,
      connection.subscriptions.count >= limits.maximumSubscriptionsPerClient
    {
      return .failure(.init(reason: .quotaExceeded))
    }
    if connection.subscriptions[filter] == nil, broker.memory.isStateFull(with: Self.stateBytes(of: filter)) {
      return .failure(.init(reason: .quotaExceeded))
    }
    return .success(filter)
  }

  /// A retained message for a new subscription: RETAIN is set [MQTT-3.3.1-8]. False where no more can wait.
  private func deliverRetained(
    _ message: StoredMessage, to connection: ClientConnection, _ entry: SubscriptionEntry, at time: BrokerTime
  ) -> Bool {
    if let expiry = message.expiry, expiry <= time.monotonic { return true }
    if entry.noLocal && message.publisher == entry.subscriber.id { return true }
    let qos = min(message.qos, entry.qos)
    let identifiers = entry.identifier == 0 ? [] : [entry.identifier]
    // A wide filter may bring more than the output takes at once: the rest waits in the queue, whatever its QoS.
    if connection.outbound.hasRoom && !isBlocked(connection) {
      message.payload.withUnsafeBytes { payload in
        message.properties.withUnsafeBytes { properties in
          write(
            topic: message.topic, payload: payload, properties: properties, qos: qos, retain: true,
            identifiers: identifiers, expiry: message.expiry, isByMe: entry.isByMe, receipt: nil, to: connection,
            at: time)
        }
      }
      return true
    }
    return enqueue(
      OutboundFlow.Queued(
        message: message, qos: qos, retain: true, identifiers: identifiers, isByMe: entry.isByMe, receipt: nil,
        isRetainedCopy: true), for: connection)
  }

  func receivedUnsubscribe(_ packet: UnsubscribePacket, on connection: ClientConnection, at time: BrokerTime) {
    guard let subscriber = connection.subscriber else { return }
    var codes: [ReasonCode] = []
    var removed: [[UInt8]] = []
    for name in packet.filters {
      guard let filter = resolve(Array(name.utf8), for: connection),
        let entry = connection.subscriptions.removeValue(forKey: filter)
      else {
        codes.append(.noSubscriptionExisted)
        continue
      }
      statistics.subscriptions -= 1
      broker.memory.stateChanged(by: -Self.stateBytes(of: filter))
      removed.append(filter)
      codes.append(.success)
      if entry.isExact, case .device(let topic) = filter.withUnsafeBytes({ DeviceTopicParser.meaning(of: $0) }) {
        sink.unsubscribed(connection, from: topic, at: time)
      }
    }
    if !removed.isEmpty { broker.unsubscribe(subscriber, filters: removed) }
    write(.unsuback(SubackPacket(packetIdentifier: packet.packetIdentifier, reasonCodes: codes)), to: connection)
  }
}
