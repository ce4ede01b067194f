import MQTTBroker
import MQTTProtocol

/// A connection's way out that keeps what it is given, read back from the wire.
final class VirtualOutput: ConnectionOutput {
  var packets: [ControlPacket] = []
  private(set) var isClosed = false

  var pendingBytes: Int { 0 }
  var isFull: Bool { false }

  func write(_ packet: ControlPacket, version: ProtocolVersion) { packets.append(packet) }

  func writeAcknowledgement(
    _ type: PacketType, packetIdentifier: UInt16, reasonCode: ReasonCode, version: ProtocolVersion
  ) {
    let packet = AcknowledgementPacket(packetIdentifier: packetIdentifier, reasonCode: reasonCode)
    switch type {
    case .puback: packets.append(.puback(packet))
    case .pubrec: packets.append(.pubrec(packet))
    case .pubrel: packets.append(.pubrel(packet))
    default: packets.append(.pubcomp(packet))
    }
  }

  func writePublish(
    _ header: OutgoingPublish, topic: UnsafeRawBufferPointer, properties: UnsafeRawBufferPointer,
    payload: UnsafeRawBufferPointer
  ) {
    var bytes = [UInt8](
      repeating: 0,
      count: PublishEncoder.encodedSize(
        topicLength: topic.count, propertiesLength: properties.count, payloadLength: payload.count, qos: header.qos,
        version: header.version))
    _ = bytes.withUnsafeMutableBytes {
      PublishEncoder.encode(
        topic: topic, properties: properties, payload: payload, qos: header.qos, retain: header.retain,
        duplicate: header.duplicate, packetIdentifier: header.packetIdentifier, version: header.version, into: $0)
    }
    if let packet = try? RawClient.decode(bytes, version: header.version) { packets.append(packet) }
  }

  func flush() {}
  func discard() {}
  func pauseReading() {}
  func resumeReading() {}
  func close() { isClosed = true }
}
