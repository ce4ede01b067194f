import MQTTProtocol

extension BrokerShard {
  /// Unsent bytes at which an event does not wait for its end.
  private static let flushBytes = 64 * 1024

  /// Brings an entry's targets up to the subscriptions that are in force now.
  @inline(__always)
  func refreshRoute(_ entry: TopicEntry, isCurrent: Bool = false) {
    if !isCurrent, broker.currentRouteVersion != subscriptionsVersion {
      let (tree, version) = broker.currentSubscriptions()
      adopt(tree, version: version)
    }
    if entry.routeVersion != subscriptionsVersion { rebuildRoute(entry) }
  }

  func adopt(_ tree: SubscriptionTree, version: UInt64) {
    subscriptions = tree
    subscriptionsVersion = version
  }

  private func rebuildRoute(_ entry: TopicEntry) {
    let targets = subscriptions.isEmpty ? [] : subscriptions.targets(of: entry.levels)
    entry.setRoute(targets, version: subscriptionsVersion, budget: routeBudget)
  }

  /// Fans out a QoS 2 message whose commit was waited for; false where the limit of retained messages refuses it.
  func fanOut(_ message: StoredMessage, at time: BrokerTime) -> Bool {
    let entry = topics.entry(for: message.topic)
    return message.payload.withUnsafeBytes { payload in
      message.properties.withUnsafeBytes { properties in
        var transit = MessageInTransit(message, entry: entry, payload: payload, properties: properties)
        if message.retain {
          guard retain(&transit) else { return false }
        } else {
          refreshRoute(entry)
        }
        fanOut(&transit, at: time)
        return true
      }
    }
  }

  /// Gives a message to everyone on its route: here at once, elsewhere by mailbox.
  func fanOut(_ transit: inout MessageInTransit, at time: BrokerTime) {
    defer { transit.entry.forgetTransientRoute() }
    for target in transit.entry.targets {
      if target.noLocal && target.subscriber.id == transit.publisher { continue }
      let receipt = target.isAddressee(of: transit.receipt) ? transit.receipt : nil
      receipt?.willTry()
      if target.subscriber.shard == index {
        guard let connection = connection(of: target.subscriber) else {
          receipt?.couldNotLeave()
          continue
        }
        deliver(&transit, to: connection, target, receipt: receipt, at: time)
      } else {
        guard hasMailboxRoom(for: target.subscriber.shard) else {
          statistics.messagesDropped += 1
          receipt?.couldNotLeave()
          continue
        }
        post(.deliver(transit.keep(), target), to: target.subscriber.shard)
      }
    }
  }

  /// Whether another loop keeps up with what this one sends it.
  private func hasMailboxRoom(for shard: Int) -> Bool {
    broker.mailboxes[shard].waiting + outboxes[shard].count < limits.maximumMailboxMessages
  }

  /// A message of another event loop for a subscriber of this one.
  func deliver(_ message: StoredMessage, to target: RouteTarget, at time: BrokerTime) {
    let receipt = target.isAddressee(of: message.receipt) ? message.receipt : nil
    guard let connection = connection(of: target.subscriber) else {
      receipt?.couldNotLeave()
      return
    }
    message.payload.withUnsafeBytes { payload in
      message.properties.withUnsafeBytes { properties in
        let entry = topics.entry(for: message.topic)
        var transit = MessageInTransit(message, entry: entry, payload: payload, properties: properties)
        deliver(&transit, to: connection, target, receipt: receipt, at: time)
      }
    }
  }

  private func deliver(
    _ transit: inout MessageInTransit, to connection: ClientConnection, _ target: RouteTarget,
    receipt: DeliveryReceipt?, at time: BrokerTime
  ) {
    let qos = min(transit.qos, target.qos)
    let retain = transit.retain && target.retainAsPublished
    let isBlocked = isBlocked(connection)
    if qos == .atMostOnce {
      guard !isBlocked else {
        statistics.messagesDropped += 1
        receipt?.couldNotLeave()
        return
      }
      write(
        topic: transit.entry.topic, payload: transit.payload, properties: transit.properties, qos: qos, retain: retain,
        identifiers: target.identifiers, expiry: nil, isByMe: target.isByMe, receipt: receipt, to: connection, at: time
      )
    } else if connection.outbound.hasRoom && !isBlocked {
      write(
        topic: transit.entry.topic, payload: transit.payload, properties: transit.properties, qos: qos, retain: retain,
        identifiers: target.identifiers, expiry: nil, isByMe: target.isByMe, receipt: receipt, to: connection, at: time
      )
    } else {
      enqueue(
        OutboundFlow.Queued(
          message: transit.keep(), qos: qos, retain: retain, identifiers: target.identifiers, isByMe: target.isByMe,
          receipt: receipt), for: connection)
    }
  }

  /// Whether a client has so much unsent output, or any while all clients together have too much, that no more is added.
  func isBlocked(_ connection: ClientConnection) -> Bool {
    let pending = connection.output.pendingBytes
    guard pending > 0 else { return false }
    return pending >= limits.connectionOutputBytes || broker.memory.isOutputFull()
  }

  /// False where a limit keeps it from waiting: it is dropped and counted.
  @discardableResult
  func enqueue(_ queued: OutboundFlow.Queued, for connection: ClientConnection) -> Bool {
    let size = queued.accountedBytes
    guard queued.isRetainedCopy || connection.outbound.queuedCount < limits.sessionQueueMessages,
      connection.outbound.queuedBytes + size <= limits.sessionQueueBytes,
      !broker.memory.isOutputFull(with: size)
    else {
      statistics.messagesDropped += 1
      queued.receipt?.couldNotLeave()
      return false
    }
    connection.outbound.enqueued(queued)
    account(connection)
    return true
  }

  /// Writes what waits, as far as window and output allow.
  func pump(_ connection: ClientConnection, at time: BrokerTime) {
    guard connection.isConnected else { return }
    while !isBlocked(connection), let queued = connection.outbound.next() {
      let message = queued.message
      if let expiry = message.expiry, expiry <= time.monotonic {
        queued.receipt?.couldNotLeave()
        continue
      }
      message.payload.withUnsafeBytes { payload in
        message.properties.withUnsafeBytes { properties in
          write(
            topic: message.topic, payload: payload, properties: properties, qos: queued.qos, retain: queued.retain,
            identifiers: queued.identifiers, expiry: message.expiry, isByMe: queued.isByMe, receipt: queued.receipt,
            to: connection, at: time)
        }
      }
    }
    account(connection)
  }

  /// Keeps the total of all session queues.
  func account(_ connection: ClientConnection) {
    let change = connection.outbound.queuedBytes - connection.accountedBytes
    guard change != 0 else { return }
    broker.memory.queuesChanged(by: change)
    connection.accountedBytes += change
  }

  /// Writes one PUBLISH; `expiry` is set where it has waited and the remaining interval must be said.
  func write(
    topic: [UInt8], payload: UnsafeRawBufferPointer, properties: UnsafeRawBufferPointer, qos: QoS, retain: Bool,
    identifiers: [UInt32], expiry: Int64?, isByMe: Bool, receipt: DeliveryReceipt?, to connection: ClientConnection,
    at time: BrokerTime
  ) {
    let name = isByMe ? seenByMe(topic, connection) : topic
    guard connection.version == .v5, !identifiers.isEmpty || expiry != nil else {
      write(
        name: name, payload: payload, properties: properties, qos: qos, retain: retain, receipt: receipt,
        to: connection)
      return
    }
    let remaining = expiry.map { UInt32(clamping: max(1, ($0 - time.monotonic + 999) / 1000)) }
    let own = ForwardedProperties.withSubscriptionIdentifiers(
      Array(properties), identifiers, messageExpiryInterval: remaining)
    own.withUnsafeBytes {
      write(name: name, payload: payload, properties: $0, qos: qos, retain: retain, receipt: receipt, to: connection)
    }
  }

  private func write(
    name: [UInt8], payload: UnsafeRawBufferPointer, properties: UnsafeRawBufferPointer, qos: QoS, retain: Bool,
    receipt: DeliveryReceipt?, to connection: ClientConnection
  ) {
    let size = PublishEncoder.encodedSize(
      topicLength: name.count, propertiesLength: properties.count, payloadLength: payload.count, qos: qos,
      version: connection.version)
    guard size <= connection.maximumPacketSize else {
      statistics.messagesDropped += 1
      receipt?.couldNotLeave()
      return
    }
    var header = OutgoingPublish(
      qos: qos, retain: retain, duplicate: false, packetIdentifier: 0, version: connection.version)
    switch qos {
    case .atMostOnce: statistics.sent.qos0 += 1
    case .atLeastOnce: statistics.sent.qos1 += 1
    case .exactlyOnce: statistics.sent.qos2 += 1
    }
    if qos != .atMostOnce { header.packetIdentifier = connection.outbound.opened(qos: qos, receipt: receipt) }
    name.withUnsafeBytes {
      connection.output.writePublish(header, topic: $0, properties: properties, payload: payload)
    }
    receipt?.hasLeft()
    // Not all at the end of the event: what the socket takes now does not count as waiting.
    if connection.output.pendingBytes >= Self.flushBytes { connection.output.flush() }
    willFlush(connection)
  }

  /// The topic as a client that subscribed to `v1/devices/me/…` knows it; another device's stays as it is.
  private func seenByMe(_ topic: [UInt8], _ connection: ClientConnection) -> [UInt8] {
    topic.withUnsafeBytes { bytes in
      guard let device = connection.principal.deviceName,
        bytes.starts(with: DeviceTopicParser.prefix + Array(device.utf8) + [UInt8(ascii: "/")])
      else { return topic }
      return MeTopic.unresolved(bytes)
    }
  }
}

extension RouteTarget {
  /// Whether the receipt of a message wants to hear of this subscriber.
  func isAddressee(of receipt: DeliveryReceipt?) -> Bool {
    guard let receipt else { return false }
    switch receipt.addressee {
    case .exactSubscribers: return isExact
    case .connection(let id): return subscriber.id == id
    }
  }
}
