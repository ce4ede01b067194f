/// PUBLISH with bytes of its own (MQTT 5.0 §3.3): for clients and tests; the hub reads `PublishView`.
package struct PublishPacket: Equatable, Sendable {
  /// UTF-8; empty in MQTT 5 where a Topic Alias stands for it.
  package var topic: [UInt8]
  package var payload: [UInt8]
  package var qos: QoS
  package var retain: Bool
  package var duplicate: Bool
  /// 0 at QoS 0.
  package var packetIdentifier: UInt16
  package var properties: Properties

  package init(
    topic: [UInt8], payload: [UInt8], qos: QoS = .atMostOnce, retain: Bool = false, duplicate: Bool = false,
    packetIdentifier: UInt16 = 0, properties: Properties = Properties()
  ) {
    self.topic = topic
    self.payload = payload
    self.qos = qos
    self.retain = retain
    self.duplicate = duplicate
    self.packetIdentifier = packetIdentifier
    self.properties = properties
  }
}

extension PublishPacket {
  /// Copies what a view sees.
  package init(_ view: PublishView) throws(MQTTDecodeError) {
    self.init(
      topic: Array(view.topic), payload: Array(view.payload), qos: view.qos, retain: view.retain,
      duplicate: view.duplicate, packetIdentifier: view.packetIdentifier,
      properties: try Properties.decodePublishProperties(view.properties))
  }

  var flags: UInt8 { PublishEncoder.flags(qos: qos, retain: retain, duplicate: duplicate) }

  func writeBody(to sink: inout some WireSink, version: ProtocolVersion) {
    sink.writeBinary(topic)
    if qos != .atMostOnce { sink.write(packetIdentifier) }
    if version == .v5 { properties.write(to: &sink) }
    payload.withUnsafeBytes { sink.write($0) }
  }
}
