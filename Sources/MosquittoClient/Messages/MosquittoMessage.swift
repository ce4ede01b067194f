/// An application message, to publish or as it was received.
package struct MosquittoMessage: Sendable, Equatable {
  /// The topic name, without wildcards.
  package var topic: String
  /// At most 268,435,455 bytes.
  package var payload: [UInt8]
  package var qos: MosquittoQoS
  package var retain: Bool
  /// MQTT 5 only; empty in MQTT 3.1.1.
  package var properties: MosquittoMessageProperties

  package init(
    topic: String, payload: [UInt8], qos: MosquittoQoS = .atMostOnce, retain: Bool = false,
    properties: MosquittoMessageProperties = MosquittoMessageProperties()
  ) {
    self.topic = topic
    self.payload = payload
    self.qos = qos
    self.retain = retain
    self.properties = properties
  }
}
