import MQTTProtocol
import Testing

/// The packets that the hub's output consists of; nothing else may be in it.
func packets(
  _ bytes: [UInt8], version: ProtocolVersion = .v5, sourceLocation: SourceLocation = #_sourceLocation
) throws -> [ControlPacket] {
  var packets: [ControlPacket] = []
  try bytes.withUnsafeBytes { raw in
    var offset = 0
    while offset < raw.count,
      let header = try PacketFraming.readHeader(
        UnsafeRawBufferPointer(rebasing: raw[offset...]), maximumPacketSize: MQTTLimits.maximumPacketLength),
      offset + header.packetLength <= raw.count
    {
      let body = UnsafeRawBufferPointer(rebasing: raw[offset..<offset + header.packetLength].dropFirst(header.length))
      packets.append(try ControlPacket.decode(header, body: body, version: version))
      offset += header.packetLength
    }
    #expect(offset == raw.count, "output ends within a packet", sourceLocation: sourceLocation)
  }
  return packets
}

extension DisconnectPacket {
  var bytes: [UInt8] { ControlPacket.disconnect(self).encoded(version: .v5) }
}

extension ConnectPacket {
  var bytes: [UInt8] { ControlPacket.connect(self).encoded(version: version) }
}

/// What a client may say in one connection, and the answers to it.
enum Conversation {
  static let packets: [ControlPacket] = [
    .connect(ConnectPacket(version: .v5, clientIdentifier: "c")),
    .subscribe(SubscribePacket(packetIdentifier: 1, subscriptions: [Subscription(filter: "a/#", qos: .exactlyOnce)])),
    .publish(PublishPacket(topic: Array("a/b".utf8), payload: [1, 2, 3])),
    .publish(PublishPacket(topic: Array("a/c".utf8), payload: [], qos: .atLeastOnce, packetIdentifier: 5)),
    .publish(PublishPacket(topic: Array("a/d".utf8), payload: [9], qos: .exactlyOnce, packetIdentifier: 6)),
    .pubrel(AcknowledgementPacket(packetIdentifier: 6)),
    .pingreq,
    .publish(PublishPacket(topic: Array("a/e".utf8), payload: Array(repeating: 7, count: 300))),
    .unsubscribe(UnsubscribePacket(packetIdentifier: 2, filters: ["never"])),
    .pingreq,
  ]

  static var bytes: [UInt8] { packets.flatMap { $0.encoded(version: .v5) } }

  /// The types of the answers, in order of their numbers.
  static let answers: [UInt8] = [2, 3, 3, 3, 3, 4, 5, 7, 9, 11, 13, 13]
}

/// The types of packets, in order of their numbers.
func typeNumbers(_ packets: [ControlPacket]) -> [UInt8] {
  packets.map { $0.encoded(version: .v5)[0] >> 4 }.sorted()
}
