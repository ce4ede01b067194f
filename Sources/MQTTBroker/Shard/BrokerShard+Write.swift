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
      if let identifier = message.packetIdentifier { session.outbound.abandoned(identifier) }
      return
    }
    let header = OutgoingPublish(
      qos: message.qos, retain: message.retain, duplicate: message.packetIdentifier != nil,
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
    qos == .atMostOnce ? 0 : session.outbound.opened(qos: qos, receipt: receipt, kept: kept)
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
