import MQTTProtocol

/// Spoils some of what a server writes on one connection; the same packets in every run of a seed.
struct Saboteur {
  private let sabotage: Sabotage
  private var publishes = 0
  private var acknowledgements = 0
  private var kept: ControlPacket?
  private var lastIdentifier: UInt16?

  /// Every so many packets of its kind.
  private static let period = 5

  init(_ sabotage: Sabotage) { self.sabotage = sabotage }

  /// What goes out in place of `packet`.
  mutating func tamper(with packet: ControlPacket) -> [ControlPacket] {
    switch (sabotage, packet) {
    case (.none, _): return [packet]
    case (.swallowPuback, .puback), (.swallowPubrel, .pubrel), (.swallowPubcomp, .pubcomp):
      acknowledgements += 1
      return acknowledgements % Self.period == 0 ? [] : [packet]
    case (.claimSession, .connack(var connack)):
      if connack.reasonCode == .success { connack.sessionPresent = true }
      return [.connack(connack)]
    case (_, .publish(let publish)): return tamper(with: publish)
    default: return [packet]
    }
  }

  private mutating func tamper(with publish: PublishPacket) -> [ControlPacket] {
    publishes += 1
    var changed = publish
    if let former = kept {
      kept = nil
      return [.publish(publish), former]
    }
    guard publishes % Self.period == 0 else {
      if publish.qos != .atMostOnce { lastIdentifier = publish.packetIdentifier }
      return [.publish(publish)]
    }
    switch sabotage {
    case .dropPublish: return []
    case .duplicatePublish: return [.publish(publish), .publish(publish)]
    case .reorderPublishes:
      kept = .publish(publish)
      return []
    case .corruptPayload: if !changed.payload.isEmpty { changed.payload[changed.payload.count - 1] ^= 1 }
    case .changeTopic: if !changed.topic.isEmpty { changed.topic += Array("/b".utf8) }
    case .setRetain: changed.retain.toggle()
    case .lowerQoS:
      changed.qos = .atMostOnce
      changed.packetIdentifier = 0
    case .reusePacketIdentifier:
      if publish.qos != .atMostOnce, let lastIdentifier { changed.packetIdentifier = lastIdentifier }
    case .misdeliver: changed.topic = Array("elsewhere".utf8)
    default: break
    }
    return [.publish(changed)]
  }
}
