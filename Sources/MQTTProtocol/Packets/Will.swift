/// The will of a CONNECT (MQTT 5.0 §3.1.2.5, §3.1.3.2).
package struct Will: Equatable, Sendable {
  package var topic: String
  package var payload: [UInt8]
  package var qos: QoS
  package var retain: Bool
  package var properties: Properties

  package init(topic: String, payload: [UInt8], qos: QoS, retain: Bool, properties: Properties = Properties()) {
    self.topic = topic
    self.payload = payload
    self.qos = qos
    self.retain = retain
    self.properties = properties
  }
}
