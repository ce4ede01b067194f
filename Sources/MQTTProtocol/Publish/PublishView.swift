/// A PUBLISH read in place (MQTT 5.0 §3.3): the hot path, nothing copied or allocated.
///
/// The pointers are valid only as long as the buffer that was read is.
package struct PublishView {
  /// Valid UTF-8 without wildcards; empty only in MQTT 5, where `summary.topicAlias` stands for it.
  package let topic: UnsafeRawBufferPointer
  /// Validated property bytes without their length prefix; empty in 3.1.1.
  package let properties: UnsafeRawBufferPointer
  package let payload: UnsafeRawBufferPointer
  package let qos: QoS
  package let retain: Bool
  package let duplicate: Bool
  /// 0 at QoS 0.
  package let packetIdentifier: UInt16
  package let summary: PublishPropertySummary

  /// Reads the PUBLISH whose fixed header is `header` and whose other bytes are `body`, all of them.
  ///
  /// Throws malformed where the bytes cannot be read, `topicNameInvalid` for a topic that is empty or holds a
  /// wildcard, `protocolError` or `topicAliasInvalid` where they say what is not allowed.
  package static func decode(
    _ header: FixedHeader, body: UnsafeRawBufferPointer, version: ProtocolVersion
  ) throws(MQTTDecodeError) -> PublishView {
    try header.validate(for: version)
    guard body.count == header.remainingLength else { throw .truncated }
    let flags = header.flags
    guard let qos = QoS(rawValue: flags >> 1 & 0b11) else { throw .malformed("QoS is 3") }  // [MQTT-3.3.1-4]
    let duplicate = flags & 0b1000 != 0
    if duplicate, qos == .atMostOnce { throw .malformed("DUP at QoS 0") }  // [MQTT-3.3.1-2]

    var reader = WireReader(body)
    let topic = try reader.readBinary()
    guard UTF8Validation.isValidWithoutWildcards(topic) else { throw topicError(topic) }
    let packetIdentifier = qos == .atMostOnce ? 0 : try reader.readPacketIdentifier()

    var properties = UnsafeRawBufferPointer(start: nil, count: 0)
    var summary = PublishPropertySummary()
    if version == .v5 {
      let length = try reader.readVariableByteInteger()
      if length > 0 {
        properties = try reader.readBytes(length)
        summary = try PublishPropertySummary(reading: properties)
      }
    }
    if topic.count == 0, summary.topicAlias == 0 { throw emptyTopicError(version) }
    return PublishView(
      topic: topic, properties: properties, payload: reader.readRest(), qos: qos, retain: flags & 1 != 0,
      duplicate: duplicate, packetIdentifier: packetIdentifier, summary: summary)
  }

  /// Why a topic was refused: its bytes, or a wildcard among them.
  @inline(never)
  private static func topicError(_ topic: UnsafeRawBufferPointer) -> MQTTDecodeError {
    UTF8Validation.isValid(topic)
      ? MQTTDecodeError(.topicNameInvalid, "topic name holds a wildcard")  // [MQTT-3.3.2-2]
      : .malformed("topic name is not valid UTF-8 or holds U+0000")  // [MQTT-3.3.2-1]
  }

  @inline(never)
  private static func emptyTopicError(_ version: ProtocolVersion) -> MQTTDecodeError {
    version == .v5
      ? .protocolError("topic name is empty and there is no Topic Alias")  // MQTT 5.0 §3.3.2.1
      : MQTTDecodeError(.topicNameInvalid, "topic name is empty")  // [MQTT-4.7.3-1]
  }
}
