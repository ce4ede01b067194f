/// One topic filter of a SUBSCRIBE with its options (MQTT 5.0 §3.8.3.1).
package struct Subscription: Equatable, Sendable {
  package var filter: String
  package var qos: QoS
  /// Whether the subscriber's own messages are left out. MQTT 5 only, as are the options below.
  package var noLocal: Bool
  package var retainAsPublished: Bool
  package var retainHandling: RetainHandling

  package init(
    filter: String, qos: QoS, noLocal: Bool = false, retainAsPublished: Bool = false,
    retainHandling: RetainHandling = .sendAtSubscribe
  ) {
    self.filter = filter
    self.qos = qos
    self.noLocal = noLocal
    self.retainAsPublished = retainAsPublished
    self.retainHandling = retainHandling
  }
}

/// Retain Handling (MQTT 5.0 §3.8.3.1).
package enum RetainHandling: UInt8, Sendable, CaseIterable {
  case sendAtSubscribe = 0
  case sendIfNew = 1
  case doNotSend = 2
}
