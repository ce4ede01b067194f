import MQTTProtocol
import MQTTTestSupport
import Testing

extension RawClient {
  /// The server has ended the connection and said nothing more before.
  func expectClosed(at location: SourceLocation = #_sourceLocation) throws {
    if let bytes = try readPacketBytes(at: location) {
      throw HarnessError("expected the end of the connection, came \(bytes)", at: location)
    }
  }

  /// The server has refused what was sent last: DISCONNECT with `reason`, then the end of the connection (§4.13).
  @discardableResult
  func expectDisconnect(
    _ reasons: ReasonCode..., at location: SourceLocation = #_sourceLocation
  ) throws -> DisconnectPacket {
    let packet = try read(at: location)
    guard case .disconnect(let disconnect) = packet else {
      throw HarnessError("expected DISCONNECT, came \(packet)", at: location)
    }
    guard reasons.contains(disconnect.reasonCode) else {
      throw HarnessError("expected DISCONNECT \(reasons), came \(disconnect)", at: location)
    }
    try expectClosed(at: location)
    return disconnect
  }

  /// CONNECT was refused with one of `reasons`, then the connection ended.
  @discardableResult
  func expectRefusal(_ reasons: ReasonCode..., at location: SourceLocation = #_sourceLocation) throws -> ConnackPacket {
    let connack = try requireConnack(at: location)
    guard reasons.contains(connack.reasonCode) else {
      throw HarnessError("expected CONNACK \(reasons), came \(connack)", at: location)
    }
    try expectClosed(at: location)
    return connack
  }

  /// CONNECT was refused: CONNACK with one of `reasons` or none at all (§4.13.1 leaves it open), then the end of the
  /// connection.
  func expectRejected(_ reasons: ReasonCode..., at location: SourceLocation = #_sourceLocation) throws {
    guard let bytes = try readPacketBytes(at: location) else { return }
    guard let connack = try? ControlPacket(bytes: bytes, version: version).connack,
      reasons.contains(connack.reasonCode)
    else {
      throw HarnessError("expected CONNACK \(reasons) or the end of the connection, came \(bytes)", at: location)
    }
    try expectClosed(at: location)
  }

  /// Nothing is on its way to this client: PINGRESP is the next packet to come after PINGREQ.
  ///
  /// The server handles a connection's packets in order, so whatever this client caused has come by then. For what
  /// another client caused, let that one be answered first (PUBACK, PINGRESP).
  func expectNothing(at location: SourceLocation = #_sourceLocation) throws {
    let packets = try settle(at: location)
    guard packets.isEmpty else { throw HarnessError("expected nothing, came \(packets)", at: location) }
  }

  /// The server has handled all that this client sent, and what others sent before; the packets that come meanwhile.
  ///
  /// Twice, because an event loop reads its sockets before it takes what other loops have for it: what was on its way
  /// from another loop at the first PINGREQ has been written by the second.
  @discardableResult
  func settle(at location: SourceLocation = #_sourceLocation) throws -> [ControlPacket] {
    var packets: [ControlPacket] = []
    for _ in 0..<2 {
      try send(.pingreq, at: location)
      while true {
        let packet = try read(at: location)
        if packet == .pingresp { break }
        packets.append(packet)
      }
    }
    return packets
  }

  /// The next packet, which is one of acknowledgements of `type`.
  @discardableResult
  func requireAcknowledgement(
    _ type: PacketType, _ packetIdentifier: UInt16? = nil, at location: SourceLocation = #_sourceLocation
  ) throws -> AcknowledgementPacket {
    let packet = try read(at: location)
    guard packet.type == type, let acknowledgement = packet.acknowledgement else {
      throw HarnessError("expected \(type), came \(packet)", at: location)
    }
    if let packetIdentifier, acknowledgement.packetIdentifier != packetIdentifier {
      throw HarnessError("expected \(type) of \(packetIdentifier), came \(acknowledgement)", at: location)
    }
    return acknowledgement
  }

  /// The next packet, which is PUBLISH.
  func requirePublish(at location: SourceLocation = #_sourceLocation) throws -> PublishPacket {
    let packet = try read(at: location)
    guard case .publish(let publish) = packet else {
      throw HarnessError("expected PUBLISH, came \(packet)", at: location)
    }
    return publish
  }

  /// The next packet, which is SUBACK.
  func requireSuback(at location: SourceLocation = #_sourceLocation) throws -> SubackPacket {
    let packet = try read(at: location)
    guard case .suback(let suback) = packet else { throw HarnessError("expected SUBACK, came \(packet)", at: location) }
    return suback
  }

  /// The next packet, which is UNSUBACK.
  func requireUnsuback(at location: SourceLocation = #_sourceLocation) throws -> SubackPacket {
    let packet = try read(at: location)
    guard case .unsuback(let unsuback) = packet else {
      throw HarnessError("expected UNSUBACK, came \(packet)", at: location)
    }
    return unsuback
  }
}

extension ControlPacket {
  /// What PUBACK, PUBREC, PUBREL and PUBCOMP have in common; nil for other packets.
  var acknowledgement: AcknowledgementPacket? {
    switch self {
    case .puback(let packet), .pubrec(let packet), .pubrel(let packet), .pubcomp(let packet): packet
    default: nil
    }
  }

  /// The answer to CONNECT; nil for other packets.
  var connack: ConnackPacket? {
    if case .connack(let connack) = self { connack } else { nil }
  }

  /// The message of a PUBLISH; nil for other packets.
  var message: PublishPacket? {
    if case .publish(let publish) = self { publish } else { nil }
  }
}

extension PublishPacket {
  var topicText: String { String(decoding: topic, as: UTF8.self) }
  var text: String { String(decoding: payload, as: UTF8.self) }
}
