import MQTTProtocol
import Testing

/// Whole exchanges: what is sent, and the answer read.
extension RawClient {
  /// Subscribes and reads SUBACK. Retained messages that come before it would fail this; the hub sends them after.
  @discardableResult
  func subscribe(
    _ subscriptions: [Subscription], properties: Properties = [], at location: SourceLocation = #_sourceLocation
  ) throws -> SubackPacket {
    let identifier = nextPacketIdentifier()
    try send(
      .subscribe(
        SubscribePacket(packetIdentifier: identifier, subscriptions: subscriptions, properties: properties)),
      at: location)
    let packet = try read(at: location)
    guard case .suback(let suback) = packet, suback.packetIdentifier == identifier else {
      throw HarnessError("expected SUBACK of \(identifier), came \(packet)", at: location)
    }
    return suback
  }

  /// Subscribes to one filter, which must be granted.
  func subscribe(
    _ filter: String, qos: QoS = .exactlyOnce, identifier: UInt32? = nil,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let suback = try subscribe(
      [Subscription(filter: filter, qos: qos)],
      properties: identifier.map { [.subscriptionIdentifier($0)] } ?? [], at: location)
    guard suback.reasonCodes == [ReasonCode(rawValue: qos.rawValue)] else {
      throw HarnessError("\(filter) at \(qos) was not granted: \(suback)", at: location)
    }
  }

  /// Unsubscribes and reads UNSUBACK.
  @discardableResult
  func unsubscribe(_ filters: String..., at location: SourceLocation = #_sourceLocation) throws -> SubackPacket {
    let identifier = nextPacketIdentifier()
    try send(.unsubscribe(UnsubscribePacket(packetIdentifier: identifier, filters: filters)), at: location)
    let packet = try read(at: location)
    guard case .unsuback(let unsuback) = packet, unsuback.packetIdentifier == identifier else {
      throw HarnessError("expected UNSUBACK of \(identifier), came \(packet)", at: location)
    }
    return unsuback
  }

  /// Publishes and goes through the whole exchange of its QoS, at QoS 0 with a PINGREQ, so that the server has routed
  /// the message when this returns. Nothing else may come meanwhile.
  func publish(
    _ topic: String, _ text: String = "x", qos: QoS = .atMostOnce, retain: Bool = false, properties: Properties = [],
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let identifier = qos == .atMostOnce ? 0 : nextPacketIdentifier()
    try send(
      .publish(.make(topic, text, qos: qos, retain: retain, id: identifier, properties: properties)), at: location)
    switch qos {
    case .atMostOnce: try expectNothing(at: location)
    case .atLeastOnce: try requireAcknowledgement(.puback, identifier, at: location)
    case .exactlyOnce:
      try requireAcknowledgement(.pubrec, identifier, at: location)
      try send(.pubrel(AcknowledgementPacket(packetIdentifier: identifier)), at: location)
      try requireAcknowledgement(.pubcomp, identifier, at: location)
    }
  }

  /// Answers a message to the end of its QoS.
  func acknowledge(_ publish: PublishPacket, at location: SourceLocation = #_sourceLocation) throws {
    let answer = AcknowledgementPacket(packetIdentifier: publish.packetIdentifier)
    switch publish.qos {
    case .atMostOnce: break
    case .atLeastOnce: try send(.puback(answer), at: location)
    case .exactlyOnce:
      try send(.pubrec(answer), at: location)
      try requireAcknowledgement(.pubrel, publish.packetIdentifier, at: location)
      try send(.pubcomp(answer), at: location)
    }
  }

  /// Says DISCONNECT and waits until the server has ended the connection.
  func disconnect(
    _ reason: ReasonCode = .success, properties: Properties = [], at location: SourceLocation = #_sourceLocation
  ) throws {
    try send(.disconnect(DisconnectPacket(reasonCode: reason, properties: properties)), at: location)
    try expectClosed(at: location)
    closeSocket()
  }
}

extension PublishPacket {
  static func make(
    _ topic: String, _ text: String = "x", qos: QoS = .atMostOnce, retain: Bool = false, duplicate: Bool = false,
    id: UInt16 = 0, properties: Properties = []
  ) -> PublishPacket {
    PublishPacket(
      topic: Array(topic.utf8), payload: Array(text.utf8), qos: qos, retain: retain, duplicate: duplicate,
      packetIdentifier: id, properties: properties)
  }
}
