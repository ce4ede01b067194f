/// The protocol level of a connection, as CONNECT carries it (MQTT 3.1.1 §3.1.2.2, MQTT 5.0 §3.1.2.2).
package enum ProtocolVersion: UInt8, Sendable {
  /// MQTT 3.1, protocol name `MQIsdp`; served as 3.1.1.
  case v3_1 = 3
  /// MQTT 3.1.1.
  case v3_1_1 = 4
  /// MQTT 5.0.
  case v5 = 5
}
