import MQTTProtocol

/// Messages to bytes, one subscriber at a time.
extension BrokerShard {
  /// Unsent bytes at which an event does not wait for its end.
  private static let flushBytes = 64 * 1024
  /// Bytes of the property Topic Alias: its identifier and two of the alias.
  private static let topicAliasLength = 3

  /// Writes one PUBLISH; `kept` is what is sent again should the connection end before it is acknowledged.
  func write(
    _ message: OutgoingMessage, keeping kept: OutboundFlow.Queued?, to connection: ClientConnection,
    _ session: ClientSession
  ) {
    let name = message.isByMe ? seenByMe(message.topic, connection) : message.topic
    guard
      connection.version == .v5,
      !message.identifiers.isEmpty || message.secondsLeft != nil || connection.outboundAliases.isEnabled
    else {
      write(message, name: name, properties: message.properties, keeping: kept, to: connection, session)
      return
    }
    var own = ForwardedProperties.withSubscriptionIdentifiers(
      Array(message.properties), message.identifiers, messageExpiryInterval: message.secondsLeft)
    guard let alias = alias(of: name, for: message, properties: own.count, on: connection) else {
      own.withUnsafeBytes { write(message, name: name, properties: $0, keeping: kept, to: connection, session) }
      return
    }
    own += Property.topicAlias(alias.number).encodedRaw
    own.withUnsafeBytes {
      write(message, name: alias.isNew ? name : [], properties: $0, keeping: kept, to: connection, session)
    }
    guard alias.isNew else { return }
    let before = connection.outboundAliases.byteCount
    connection.outboundAliases.wasSet(alias.number, to: name)
    broker.memory.stateChanged(by: connection.outboundAliases.byteCount - before)
  }

  /// The alias of a topic; nil where there is none, none more may be remembered, or the packet has no room for it.
  private func alias(
    of name: [UInt8], for message: OutgoingMessage, properties count: Int, on connection: ClientConnection
  ) -> (number: UInt16, isNew: Bool)? {
    guard connection.outboundAliases.isEnabled, let alias = connection.outboundAliases.alias(of: name),
      !alias.isNew || !broker.memory.isStateFull(with: OutboundTopicAliases.bytes(of: name))
    else { return nil }
    let size = PublishEncoder.encodedSize(
      topicLength: alias.isNew ? name.count : 0, propertiesLength: count + Self.topicAliasLength,
      payloadLength: message.payload.count, qos: message.qos, version: connection.version)
    return size <= connection.maximumPacketSize ? alias : nil
  }

  private func write(
    _ message: OutgoingMessage, name: [UInt8], properties: UnsafeRawBufferPointer, keeping kept: OutboundFlow.Queued?,
    to connection: ClientConnection, _ session: ClientSession
  ) {
    let size = PublishEncoder.encodedSize(
      topicLength: name.count, propertiesLength: properties.count, payloadLength: message.payload.count,
      qos: message.qos, version: connection.version)
    guard size <= connection.maximumPacketSize else {
      // As if it had been sent and acknowledged [MQTT-3.1.2-25].
      statistics.dropped.tooLarge += 1
      message.receipt?.couldNotLeave()
      if let identifier = message.packetIdentifier {
        recordEnd(session.outbound.abandoned(identifier), of: session.number)
      } else {
        recordEnd(kept?.recorded, of: session.number)
      }
      return
    }
    let header = OutgoingPublish(
      qos: message.qos, retain: message.retain, duplicate: message.isRepeated,
      packetIdentifier: message.packetIdentifier ?? open(message.qos, message.receipt, keeping: kept, session),
      version: connection.version)
    name.withUnsafeBytes {
      connection.output.writePublish(header, topic: $0, properties: properties, payload: message.payload)
    }
    written(size, message.qos, payloadBytes: message.payload.count, message.receipt, to: connection)
  }

  /// The identifier of a new exchange; 0 at QoS 0.
  @inline(__always)
  func open(
    _ qos: QoS, _ receipt: DeliveryReceipt?, keeping kept: OutboundFlow.Queued?, _ session: ClientSession
  ) -> UInt16 {
    guard qos != .atMostOnce else { return 0 }
    guard session.isDurable, let kept else { return session.outbound.opened(qos: qos, receipt: receipt, kept: kept) }
    return openRecorded(kept, isWritten: true, session)
  }

  /// The identifier of a new exchange with a durable session, and the record of it.
  private func openRecorded(_ kept: OutboundFlow.Queued, isWritten: Bool, _ session: ClientSession) -> UInt16 {
    var kept = kept
    let isNew = kept.serial == 0
    if isNew { kept.serial = broker.nextSerials(1) }
    let packetIdentifier = session.outbound.opened(
      qos: kept.qos, receipt: kept.receipt, kept: kept, isWritten: isWritten)
    let order = session.outbound.lastOrder
    if isNew {
      recordDelivery(kept, kept.serial, to: session.number, packetIdentifier: packetIdentifier, order: order)
    } else {
      record(
        .sent(session: session.number, serial: kept.serial, packetIdentifier: packetIdentifier, order: order),
        isAwaited: !isWritten)
    }
    return packetIdentifier
  }

  /// Whether a message is written only when its Packet Identifier is durable: one of QoS 2 to a durable session, because
  /// after a crash it would come under another one, and so a second time [MQTT-4.3.3-2]; and whatever comes behind it, so
  /// that all are sent again in the order in which they were sent [MQTT-4.6.0-1].
  func beginsBeforeWriting(_ qos: QoS, _ session: ClientSession) -> Bool {
    session.isDurable && (qos == .exactlyOnce || (qos == .atLeastOnce && session.outbound.hasUnwritten))
  }

  /// Gives a message its Packet Identifier; it is written when that is durable.
  func begin(_ queued: OutboundFlow.Queued, to connection: ClientConnection, _ session: ClientSession) {
    let packetIdentifier = openRecorded(queued, isWritten: false, session)
    account(session)
    unheldEffects.append(
      .deliver(connection, session, packetIdentifier: packetIdentifier, order: session.outbound.lastOrder))
  }

  /// A PUBLISH of `size` bytes stands in a connection's output.
  @inline(__always)
  func written(_ size: Int, _ qos: QoS, payloadBytes: Int, _ receipt: DeliveryReceipt?, to connection: ClientConnection)
  {
    switch qos {
    case .atMostOnce: statistics.sent.qos0 += 1
    case .atLeastOnce: statistics.sent.qos1 += 1
    case .exactlyOnce: statistics.sent.qos2 += 1
    }
    statistics.packetsSent += 1
    statistics.publishBytesSent += payloadBytes
    receipt?.hasLeft()
    // Not all at the end of the event: what the socket takes now does not count as waiting.
    if connection.output.pendingBytes >= Self.flushBytes { connection.output.flush() }
    willFlush(connection)
    unflushedBytes += size
    // Nor may the readers of one event have more gathered than slow ones may have waiting.
    if unflushedBytes >= limits.totalOutputBytes / 4 { flushAll() }
  }

  /// The topic as a client that subscribed to `v1/devices/me/…` knows it; another device's stays as it is.
  private func seenByMe(_ topic: [UInt8], _ connection: ClientConnection) -> [UInt8] {
    topic.withUnsafeBytes { bytes in
      guard let device = connection.principal.deviceName,
        bytes.starts(with: DeviceTopicParser.prefix + Array(device.utf8) + [UInt8(ascii: "/")])
      else { return topic }
      let name = MeTopic.unresolved(bytes)
      // `me` is longer than a name of one character.
      return name.count <= MQTTLimits.maximumStringLength ? name : topic
    }
  }
}

extension Property {
  fileprivate var encodedRaw: [UInt8] { Properties([self]).encodedRaw() }
}
