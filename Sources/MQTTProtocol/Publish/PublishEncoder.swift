/// Writes PUBLISH from bytes that lie elsewhere, without allocating (MQTT 5.0 §3.3).
package enum PublishEncoder {
  /// Bytes of the whole packet.
  ///
  /// - Parameter propertiesLength: of the raw properties without their length prefix; ignored below MQTT 5.
  package static func encodedSize(
    topicLength: Int, propertiesLength: Int, payloadLength: Int, qos: QoS, version: ProtocolVersion
  ) -> Int {
    let remaining = remainingLength(
      topicLength: topicLength, propertiesLength: propertiesLength, payloadLength: payloadLength, qos: qos,
      version: version)
    return 1 + VariableByteInteger.encodedLength(remaining) + remaining
  }

  /// Writes the packet at the start of `output`, which must have room for `encodedSize`; returns the bytes written.
  ///
  /// - Parameters:
  ///   - topic: at most 65,535 bytes; a topic that was made longer than it came has to be checked before.
  ///   - properties: raw, without their length prefix; ignored below MQTT 5.
  ///   - duplicate: ignored at QoS 0 [MQTT-3.3.1-2].
  ///   - packetIdentifier: not 0, but ignored at QoS 0.
  @discardableResult
  package static func encode(
    topic: UnsafeRawBufferPointer, properties: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer, qos: QoS,
    retain: Bool, duplicate: Bool, packetIdentifier: UInt16, version: ProtocolVersion,
    into output: UnsafeMutableRawBufferPointer
  ) -> Int {
    let remaining = remainingLength(
      topicLength: topic.count, propertiesLength: properties.count, payloadLength: payload.count, qos: qos,
      version: version)
    precondition(topic.count <= MQTTLimits.maximumStringLength, "BUG: a topic of more than 65,535 bytes")
    precondition(remaining <= MQTTLimits.maximumRemainingLength, "BUG: a packet of more than 268,435,455 bytes")
    precondition(
      output.count >= 1 + VariableByteInteger.encodedLength(remaining) + remaining, "BUG: no room for the packet")
    var sink = BufferSink(output)
    sink.write(PacketType.publish.rawValue << 4 | flags(qos: qos, retain: retain, duplicate: duplicate))
    sink.writeVariableByteInteger(remaining)
    sink.write(UInt16(truncatingIfNeeded: topic.count))
    sink.write(topic)
    if qos != .atMostOnce { sink.write(packetIdentifier) }
    if version == .v5 {
      sink.writeVariableByteInteger(properties.count)
      sink.write(properties)
    }
    sink.write(payload)
    return sink.offset
  }

  /// The low four bits of the first byte (MQTT 5.0 §3.3.1).
  @inline(__always)
  static func flags(qos: QoS, retain: Bool, duplicate: Bool) -> UInt8 {
    (duplicate && qos != .atMostOnce ? 0b1000 : 0) | qos.rawValue << 1 | (retain ? 1 : 0)
  }

  @inline(__always)
  private static func remainingLength(
    topicLength: Int, propertiesLength: Int, payloadLength: Int, qos: QoS, version: ProtocolVersion
  ) -> Int {
    var length = 2 + topicLength + (qos == .atMostOnce ? 0 : 2) + payloadLength
    if version == .v5 { length += VariableByteInteger.encodedLength(propertiesLength) + propertiesLength }
    return length
  }
}
