/// The MQTT version a client speaks.
package enum MosquittoProtocolVersion: Int32, Sendable, CaseIterable {
  /// MQTT 3.1.1, protocol level 4.
  case v311 = 4
  /// MQTT 5.0, protocol level 5.
  case v5 = 5
}
