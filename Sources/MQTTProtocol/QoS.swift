/// Quality of service (MQTT 5.0 §4.3). The raw value is the two bits on the wire.
package enum QoS: UInt8, Sendable, Comparable, CaseIterable {
  case atMostOnce = 0
  case atLeastOnce = 1
  case exactlyOnce = 2

  package static func < (left: QoS, right: QoS) -> Bool { left.rawValue < right.rawValue }
}
