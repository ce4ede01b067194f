package import MQTTProtocol
import Synchronization

/// A message with bytes of its own: retained, queued, or on its way to another event loop.
package final class StoredMessage: Sendable {
  package let topic: [UInt8]
  package let payload: [UInt8]
  package let qos: QoS
  /// The RETAIN flag as published.
  package let retain: Bool
  /// Raw MQTT 5 properties as subscribers get them (no Topic Alias, no Subscription Identifier).
  package let properties: [UInt8]
  /// `BrokerTime.monotonic` after which nobody gets it any more; nil never (Message Expiry Interval).
  package let expiry: Int64?
  /// Who published it, for No Local; nil for the hub.
  package let publisher: SubscriberID?
  /// The publisher's client identifier where it is to be retained, which outlives sessions.
  package let publisherName: String?
  /// Present where someone waits to hear whether it arrived.
  package let receipt: DeliveryReceipt?
  private let assignedNumber: Atomic<UInt64>

  package init(
    topic: [UInt8], payload: [UInt8], qos: QoS, retain: Bool, properties: [UInt8] = [], expiry: Int64? = nil,
    publisher: SubscriberID? = nil, publisherName: String? = nil, receipt: DeliveryReceipt? = nil,
    number: UInt64 = 0
  ) {
    self.topic = topic
    self.payload = payload
    self.qos = qos
    self.retain = retain
    self.properties = properties
    self.expiry = expiry
    self.publisher = publisher
    self.publisherName = publisherName
    self.receipt = receipt
    assignedNumber = Atomic(number)
  }

  /// What the commit queue knows it by; 0 where it does not.
  package var number: UInt64 { assignedNumber.load(ordering: .relaxed) }

  /// Gives it a number where it has none: `makeNumber` may be called in vain.
  func assignNumber(_ makeNumber: () -> UInt64) {
    guard number == 0 else { return }
    _ = assignedNumber.compareExchange(expected: 0, desired: makeNumber(), ordering: .relaxed)
  }

  /// What it counts for in byte limits.
  package var byteCount: Int { Self.byteCount(topic.count, payload.count, properties.count) }

  @inline(__always)
  static func byteCount(_ topic: Int, _ payload: Int, _ properties: Int) -> Int { topic + payload + properties + 96 }
}
