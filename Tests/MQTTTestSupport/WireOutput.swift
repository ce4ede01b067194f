package import MQTTBroker
package import MQTTProtocol

/// A connection's way out that gets each packet as the bytes that a client would read.
package protocol WireOutput: ConnectionOutput {
  /// Takes the bytes of one packet.
  func wrote(_ bytes: [UInt8], version: ProtocolVersion)
}

extension WireOutput {
  package func write(_ packet: ControlPacket, version: ProtocolVersion) {
    wrote(packet.encoded(version: version), version: version)
  }

  package func writeAcknowledgement(
    _ type: PacketType, packetIdentifier: UInt16, reasonCode: ReasonCode, version: ProtocolVersion
  ) {
    let bytes = [UInt8](unsafeUninitializedCapacity: AcknowledgementEncoder.maximumSize) { buffer, count in
      count = AcknowledgementEncoder.encode(
        type, packetIdentifier: packetIdentifier, reasonCode: reasonCode, version: version,
        into: UnsafeMutableRawBufferPointer(buffer))
    }
    wrote(bytes, version: version)
  }

  package func writePublish(
    _ header: OutgoingPublish, topic: UnsafeRawBufferPointer, properties: UnsafeRawBufferPointer,
    payload: UnsafeRawBufferPointer
  ) {
    let size = PublishEncoder.encodedSize(
      topicLength: topic.count, propertiesLength: properties.count, payloadLength: payload.count, qos: header.qos,
      version: header.version)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = PublishEncoder.encode(
        topic: topic, properties: properties, payload: payload, qos: header.qos, retain: header.retain,
        duplicate: header.duplicate, packetIdentifier: header.packetIdentifier, version: header.version,
        into: UnsafeMutableRawBufferPointer(buffer))
    }
    wrote(bytes, version: header.version)
  }
}
