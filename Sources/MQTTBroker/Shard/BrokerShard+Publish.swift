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
    let publish = IncomingPublish(publish)
    guard publish.summary.topicAlias == 0 else {
      // The hub grants no alias (Topic Alias Maximum is absent) [MQTT-3.3.2-8].
      refuse(connection, .topicAliasInvalid, at: time)
      return
    }
    guard !publish.summary.hasSubscriptionIdentifier else {
      // Only a server says which subscription a message is for [MQTT-3.3.4-6].
      refuse(connection, .protocolError, at: time)
      return
    }
    switch publish.qos {
    case .atMostOnce:
      statistics.received.qos0 += 1
      _ = accept(publish, from: connection, at: time)
    case .atLeastOnce:
      statistics.received.qos1 += 1
      let answer = accept(publish, from: connection, at: time)
      unheldEffects.append(
        .acknowledge(connection, .puback, packetIdentifier: publish.packetIdentifier, told(answer, connection)))
    case .exactlyOnce:
      statistics.received.qos2 += 1
      receivedExactlyOnce(publish, on: connection, at: time)
    }
  }

  private func receivedExactlyOnce(
    _ publish: IncomingPublish, on connection: ClientConnection, at time: BrokerTime
  ) {
    let identifier = publish.packetIdentifier
    // Only MQTT 5 was told one.
    let receiveMaximum = connection.version == .v5 ? limits.receiveMaximum : .max
    switch connection.inbound.receivedPublish(identifier, receiveMaximum: receiveMaximum) {
    case .acknowledgeAgain:
      unheldEffects.append(.acknowledge(connection, .pubrec, packetIdentifier: identifier, .success))
    case .exceedsReceiveMaximum:
      refuse(connection, .receiveMaximumExceeded, at: time)
    case .accept:
      let (entry, refusal) = admit(publish, from: connection, at: time)
      if let entry, refusal == nil {
        let message = StoredMessage(publish, topic: entry.topic, publisher: connection.subscriber?.id, at: time)
        unheldEffects.append(.receive(connection, packetIdentifier: identifier, message))
      } else {
        let answer = told(refusal ?? .notAuthorized, connection)
        // An error ends the exchange; success means that PUBREL will follow.
        if answer.reason.isError { connection.inbound.refusedPublish(identifier) }
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
    var transit = MessageInTransit(publish, entry: entry, publisher: connection.subscriber?.id, at: time)
    if publish.retain {
      guard retain(&transit) else { return .retainedLimit }
    } else {
      refreshRoute(entry)
    }
    guard !entry.targets.isEmpty else { return .success }
    fanOut(&transit, at: time)
    return .success
  }

  /// The topic's entry, and why the publish is refused if it is.
  private func admit(
    _ publish: IncomingPublish, from connection: ClientConnection, at time: BrokerTime
  ) -> (TopicEntry?, PublishAnswer?) {
    guard let entry = entry(of: publish.topic, for: connection) else {
      statistics.publishesRefused += 1
      return (nil, .notAuthorized)
    }
    guard connection.lastMayPublish else {
      statistics.publishesRefused += 1
      return (nil, .notAuthorized)
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
    var transit = MessageInTransit(incoming, entry: entry, publisher: nil, at: time)
    if let lifetime = publish.lifetime { transit.expiry = time.monotonic &+ lifetime }
    transit.receipt = publish.receipt
    if publish.retain {
      guard retain(&transit) else {
        publish.receipt?.seal()
        return .retainedLimit
      }
    } else {
      refreshRoute(entry)
    }
    fanOut(&transit, at: time)
    publish.receipt?.seal()
    return .success
  }

  /// Keeps a retained message, and routes it by the subscriptions of that very moment.
  func retain(_ transit: inout MessageInTransit) -> Bool {
    let message = transit.keep()
    switch broker.retain(message, levels: transit.entry.levels) {
    case .exceedsLimit:
      statistics.messagesDropped += 1
      return false
    case .retained(let tree, let version):
      adopt(tree, version: version)
      refreshRoute(transit.entry, isCurrent: true)
      let record = CommitRecord.retained(
        topic: message.topic, payload: message.payload, qos: message.qos.rawValue, properties: message.properties)
      appendedInRead = broker.commitQueue.append(record, urgency: .immediate)
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
