/// QoS 2 publishes of one client between PUBLISH and PUBREL, by Packet Identifier only (MQTT 5.0 §4.3.3, method B).
struct InboundFlow: ~Copyable {
  enum PublishAction: Equatable {
    /// First time: take the message.
    case accept
    /// Seen before: only acknowledge again [MQTT-4.3.3-10].
    case acknowledgeAgain
  }

  private var open: Set<UInt16> = []

  /// What an open exchange counts for in the total of all clients.
  static let bytesOfExchange = 16

  var openCount: Int { open.count }

  /// Takes back an exchange that was open before a restart; false where it is open already.
  mutating func restore(_ packetIdentifier: UInt16) -> Bool { open.insert(packetIdentifier).inserted }

  mutating func receivedPublish(_ packetIdentifier: UInt16) -> PublishAction {
    open.insert(packetIdentifier).inserted ? .accept : .acknowledgeAgain
  }

  /// The publish was refused with an error in PUBREC, which ends the exchange [MQTT-4.3.3-9].
  @discardableResult
  mutating func refusedPublish(_ packetIdentifier: UInt16) -> Bool { open.remove(packetIdentifier) != nil }

  /// False where no such exchange was open: PUBCOMP then says 0x92 in MQTT 5.
  mutating func receivedRelease(_ packetIdentifier: UInt16) -> Bool { open.remove(packetIdentifier) != nil }
}
