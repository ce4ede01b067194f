import MQTTProtocol

/// Messages to bytes, one subscriber at a time.
extension BrokerShard {
  /// Unsent bytes at which an event does not wait for its end.
  private static let flushBytes = 64 * 1024

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
    guard connection.outboundAliases.isEnabled, let alias = connection.outboundAliases.alias(of: name) else {
      own.withUnsafeBytes { _ = write(message, name: name, properties: $0, keeping: kept, to: connection, session) }
      return
    }
    own += Property.topicAlias(alias.number).encodedRaw
    let isWritten = own.withUnsafeBytes {
      write(message, name: alias.isNew ? name : [], properties: $0, keeping: kept, to: connection, session)
    }
    if isWritten && alias.isNew { connection.outboundAliases.wasSet(alias.number, to: name) }
  }

  @discardableResult
  private func write(
    _ message: OutgoingMessage, name: [UInt8], properties: UnsafeRawBufferPointer, keeping kept: OutboundFlow.Queued?,
    to connection: ClientConnection, _ session: ClientSession
  ) -> Bool {
    let size = PublishEncoder.encodedSize(
      topicLength: name.count, propertiesLength: properties.count, payloadLength: message.payload.count,
      qos: message.qos, version: connection.version)
    guard size <= connection.maximumPacketSize else {
      // As if it had been sent and acknowledged [MQTT-3.1.2-25].
      statistics.dropped.tooLarge += 1
      message.receipt?.couldNotLeave()
      if let identifier = message.packetIdentifier { session.outbound.abandoned(identifier) }
      return false
    }
    let header = OutgoingPublish(
      qos: message.qos, retain: message.retain, duplicate: message.packetIdentifier != nil,
      packetIdentifier: message.packetIdentifier ?? open(message.qos, message.receipt, keeping: kept, session),
      version: connection.version)
    name.withUnsafeBytes {
      connection.output.writePublish(header, topic: $0, properties: properties, payload: message.payload)
    }
    written(size, message.qos, payloadBytes: message.payload.count, message.receipt, to: connection)
    return true
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
      return MeTopic.unresolved(bytes)
    }
  }
}

extension Property {
  fileprivate var encodedRaw: [UInt8] { Properties([self]).encodedRaw() }
}
