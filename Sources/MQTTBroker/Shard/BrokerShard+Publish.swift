import Durability
import Glibc
package import MQTTProtocol

extension BrokerShard {
  /// A PUBLISH came: the hot path. Nothing is allocated for a known topic without subscribers.
  package func received(_ publish: borrowing PublishView, on connection: ClientConnection, at time: BrokerTime) {
    switch connection.lifecycle.receivedPacket(at: time.monotonic) {
    case .ignore: return
    case .refuseFirstPacket:
      refuse(connection, .protocolError, at: time)
      return
    case .handle: break
    }
    publisherSlot = connection.slot
    statistics.packetsReceived += 1
    statistics.publishBytesReceived += publish.payload.count
    guard !publish.summary.hasSubscriptionIdentifier else {
      // Only a server says which subscription a message is for [MQTT-3.3.4-6].
      refuse(connection, .protocolError, at: time)
      return
    }
    guard publish.summary.topicAlias == 0 else {
      receivedAliased(IncomingPublish(publish), on: connection, at: time)
      return
    }
    received(IncomingPublish(publish), on: connection, at: time)
  }

  private func received(_ publish: IncomingPublish, on connection: ClientConnection, at time: BrokerTime) {
    switch publish.qos {
    case .atMostOnce:
      statistics.received.qos0 += 1
      _ = accept(publish, from: connection, at: time)
    case .atLeastOnce:
      statistics.received.qos1 += 1
      guard isWithinReceiveMaximum(connection) else {
        refuse(connection, .receiveMaximumExceeded, at: time)
        return
      }
      connection.unacknowledged += 1
      let answer = accept(publish, from: connection, at: time)
      unheldEffects.append(
        .acknowledge(connection, .puback, packetIdentifier: publish.packetIdentifier, told(answer, connection)))
    case .exactlyOnce:
      statistics.received.qos2 += 1
      receivedExactlyOnce(publish, on: connection, at: time)
    }
  }

  /// Only MQTT 5 was told one [MQTT-3.3.4-9].
  private func isWithinReceiveMaximum(_ connection: ClientConnection) -> Bool {
    connection.version != .v5 || connection.unacknowledged < Int(connection.receiveMaximum)
  }

  /// A PUBLISH that sets or uses a topic alias (§3.3.2.3.4).
  private func receivedAliased(
    _ publish: IncomingPublish, on connection: ClientConnection, at time: BrokerTime
  ) {
    let number = publish.summary.topicAlias
    guard number <= limits.topicAliasMaximum else {
      // [MQTT-3.3.2-9]
      refuse(connection, .topicAliasInvalid, at: time)
      return
    }
    if !publish.topic.isEmpty, !setAlias(number, to: publish.topic, of: connection) {
      refuse(connection, .quotaExceeded, at: time)
      return
    }
    guard let alias = connection.inboundAliases[number] else {
      // An alias that stands for nothing (§3.3.4).
      refuse(connection, .protocolError, at: time)
      return
    }
    connection.lastTopic = alias.name
    connection.lastEntry = alias.entry
    connection.lastMayPublish = alias.mayPublish
    let properties = ForwardedProperties.make(from: publish.properties)
    alias.name.withUnsafeBytes { topic in
      properties.withUnsafeBytes { properties in
        received(publish.named(topic, properties: properties), on: connection, at: time)
      }
    }
  }

  /// False where the names of all clients' aliases have reached their limit.
  private func setAlias(_ number: UInt16, to topic: UnsafeRawBufferPointer, of connection: ClientConnection) -> Bool {
    let entry = entry(of: topic, for: connection)
    let alias = InboundTopicAliases.Alias(
      name: Array(topic), entry: entry, mayPublish: entry != nil && connection.lastMayPublish)
    guard !broker.memory.isStateFull(with: InboundTopicAliases.bytes(of: alias)) else { return false }
    let before = connection.inboundAliases.byteCount
    connection.inboundAliases.set(number, to: alias)
    broker.memory.stateChanged(by: connection.inboundAliases.byteCount - before)
    return true
  }

  private func receivedExactlyOnce(
    _ publish: IncomingPublish, on connection: ClientConnection, at time: BrokerTime
  ) {
    guard let session = connection.session else { return }
    let identifier = publish.packetIdentifier
    switch session.inbound.receivedPublish(identifier) {
    case .acknowledgeAgain:
      unheldEffects.append(.acknowledge(connection, .pubrec, packetIdentifier: identifier, .success))
    case .accept:
      broker.memory.stateChanged(by: InboundFlow.bytesOfExchange)
      guard isWithinReceiveMaximum(connection) else {
        refusedPublish(identifier, of: session)
        refuse(connection, .receiveMaximumExceeded, at: time)
        return
      }
      connection.unacknowledged += 1
      guard !broker.memory.isStateFull(with: 0) else {
        refusedPublish(identifier, of: session)
        if connection.version == .v5 {
          // Ends the exchange; to end the connection would bring the same publish again.
          unheldEffects.append(.acknowledge(connection, .pubrec, packetIdentifier: identifier, .stateFull))
        } else {
          refuse(connection, .quotaExceeded, at: time)
        }
        return
      }
      let (entry, refusal) = admit(publish, from: connection, at: time)
      if let entry, refusal == nil {
        let message = StoredMessage(
          publish, topic: entry.topic, publisher: session.subscriber.id,
          publisherName: publish.retain ? connection.clientIdentifier : nil, at: time)
        if session.isDurable {
          message.assignNumber(broker.nextMessageNumber)
          record(.received(session: session.number, packetIdentifier: identifier, message))
        }
        unheldEffects.append(.receive(connection, session, packetIdentifier: identifier, message))
      } else {
        let answer = told(refusal ?? .notAuthorized, connection)
        // An error ends the exchange; success means that PUBREL will follow.
        if answer.reason.isError { refusedPublish(identifier, of: session) }
        unheldEffects.append(.acknowledge(connection, .pubrec, packetIdentifier: identifier, answer))
      }
    }
  }

  /// MQTT 3.1.1 has no way to say no but to close; a refused message is acknowledged there (§3.3.5), and counted.
  func told(_ answer: PublishAnswer, _ connection: ClientConnection) -> PublishAnswer {
    connection.version == .v5 ? answer : .success
  }

  /// QoS 0 and 1: checks, hands to the sink and fans out at once.
  private func accept(
    _ publish: IncomingPublish, from connection: ClientConnection, at time: BrokerTime
  ) -> PublishAnswer {
    let (entry, refusal) = admit(publish, from: connection, at: time)
    guard let entry, refusal == nil else { return refusal ?? .notAuthorized }
    var transit = MessageInTransit(publish, topic: entry.topic, publisher: connection.subscriberID, at: time)
    if publish.retain {
      transit.publisherName = connection.clientIdentifier
      transit.isRefusable = connection.version == .v5 && publish.qos != .atMostOnce
    }
    return fanOut(&transit, on: entry, at: time)
  }

  /// The topic's entry, and why the publish is refused if it is.
  private func admit(
    _ publish: IncomingPublish, from connection: ClientConnection, at time: BrokerTime
  ) -> (TopicEntry?, PublishAnswer?) {
    guard let entry = entry(of: publish.topic, for: connection) else {
      statistics.publishesRefused += 1
      return (nil, isWithinLevelLimit(Array(publish.topic)) ? .notAuthorized : .tooManyLevels)
    }
    guard connection.lastMayPublish else {
      statistics.publishesRefused += 1
      return (nil, .notAuthorized)
    }
    if limits.validatesPayloadFormat, publish.isPayloadMisdeclared {
      statistics.publishesRefused += 1
      return (nil, .payloadFormat)
    }
    if case .device(let topic) = entry.meaning {
      let answer = sink.received(publish, on: topic, entry: entry, from: connection, at: time)
      if !answer.isSuccess { return (entry, answer) }
    }
    return (entry, nil)
  }

  /// The entry of a topic as this client names it; sets `lastMayPublish`. nil: `me` means nobody, or too many levels.
  private func entry(of topic: UnsafeRawBufferPointer, for connection: ClientConnection) -> TopicEntry? {
    if let entry = connection.lastEntry, connection.lastTopic.count == topic.count,
      connection.lastTopic.withUnsafeBytes({ $0.isSame(as: topic) })
    {
      return entry
    }
    let name = Array(topic)
    guard isWithinLevelLimit(name), let resolved = resolve(name, for: connection) else { return nil }
    let entry = topics.entry(for: resolved)
    let isRemembered = name.count <= limits.maximumInternedTopicBytes
    connection.lastTopic = isRemembered ? name : []
    connection.lastEntry = isRemembered ? entry : nil
    connection.lastMayPublish = TopicAuthorization.mayPublish(connection.principal, entry.meaning)
    return entry
  }

  /// `v1/devices/me/…` with the client's own name; nil where it has none, or the topic would be too long with it. Other topics stay as they are.
  func resolve(_ topic: [UInt8], for connection: ClientConnection) -> [UInt8]? {
    topic.withUnsafeBytes { bytes in
      guard MeTopic.isUsed(in: bytes) else { return topic }
      guard let device = connection.principal.deviceName else { return nil }
      let resolved = MeTopic.resolved(bytes, device: device)
      return resolved.count <= MQTTLimits.maximumStringLength ? resolved : nil
    }
  }

  func isWithinLevelLimit(_ topic: [UInt8]) -> Bool {
    Self.levelCount(topic) <= limits.maximumTopicLevels
  }

  static func levelCount(_ topic: [UInt8]) -> Int {
    topic.reduce(1) { $1 == UInt8(ascii: "/") ? $0 + 1 : $0 }
  }

  /// A message of the hub's own.
  func perform(_ publish: HubPublish, at time: BrokerTime) {
    let entry = topics.entry(for: publish.topic)
    let properties = publish.properties.encodedRaw()
    if publish.notBefore > broker.commitQueue.committed {
      lastHeldSequence = max(lastHeldSequence, publish.notBefore)
      heldEffects.append((lastHeldSequence, .publish(publish)))
      return
    }
    let answer = publish.topic.withUnsafeBytes { topic in
      publish.payload.withUnsafeBytes { payload in
        properties.withUnsafeBytes { properties in
          let incoming = IncomingPublish(
            topic: topic, payload: payload, properties: properties, qos: publish.qos, retain: publish.retain)
          return perform(publish, incoming, entry: entry, at: time)
        }
      }
    }
    if let completion = publish.completion { unheldEffects.append(.complete(completion, answer)) }
  }

  private func perform(
    _ publish: HubPublish, _ incoming: IncomingPublish, entry: TopicEntry, at time: BrokerTime
  ) -> PublishAnswer {
    if publish.isForSink, case .device(let topic) = entry.meaning {
      let answer = sink.received(incoming, on: topic, entry: entry, from: nil, at: time)
      guard answer.isSuccess else { return answer }
    }
    var transit = MessageInTransit(incoming, topic: entry.topic, publisher: publish.publisher?.id, at: time)
    transit.publisherName = publish.publisher?.clientIdentifier
    if let lifetime = publish.lifetime { transit.expiry = time.monotonic &+ lifetime }
    transit.receipt = publish.receipt
    transit.isRefusable = publish.completion != nil
    let answer = fanOut(&transit, on: entry, at: time)
    publish.receipt?.seal()
    return answer
  }

  /// Keeps a retained message, and routes it by the subscriptions of that very moment.
  func retain(_ transit: inout MessageInTransit, on entry: TopicEntry) -> Bool {
    let message = transit.keep()
    switch broker.retain(message, levels: entry.levels) {
    case .exceedsLimit:
      statistics.dropped.retainedFull += 1
      return false
    case .retained(let tree, let version, let serial):
      adopt(tree, version: version)
      refreshRoute(entry, isCurrent: true)
      // What the hub says about itself is true of this run only.
      if entry.meaning == .serverTopic { return true }
      if message.payload.isEmpty {
        record(.retainedCleared(topic: message.topic, serial: serial))
      } else {
        record(.retained(message, serial: serial))
      }
      return true
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Byte equality of two buffers of the same length.
  @inline(__always)
  func isSame(as other: UnsafeRawBufferPointer) -> Bool {
    guard let left = baseAddress, let right = other.baseAddress else { return count == other.count }
    return memcmp(left, right, count) == 0
  }
}
