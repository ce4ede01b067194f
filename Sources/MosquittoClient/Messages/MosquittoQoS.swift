/// The delivery guarantee of a PUBLISH or a subscription (MQTT 5.0 §4.3).
package enum MosquittoQoS: Int32, Sendable, CaseIterable, Comparable {
  case atMostOnce = 0
  case atLeastOnce = 1
  case exactlyOnce = 2

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
