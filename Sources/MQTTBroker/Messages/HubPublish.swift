package import Durability
package import MQTTProtocol

/// A message that the hub publishes itself: a command, an answer, or what came in by HTTP.
package struct HubPublish: Sendable {
  package var topic: [UInt8]
  package var payload: [UInt8]
  package var qos: QoS
  package var retain: Bool
  package var properties: Properties
  /// Milliseconds for which it is worth delivering; nil for ever.
  package var lifetime: Int64?
  package var receipt: DeliveryReceipt?
  /// Whether the sink reads it as if a device had sent it.
  package var isForSink: Bool
  /// Not before this is committed.
  package var notBefore = CommitSequence.none
  /// Whose will it is.
  var publisher: Subscriber?
  /// Called once, when what it caused is committed, with the answer a publisher would have got.
  package var completion: (@Sendable (PublishAnswer) -> Void)?

  package init(
    topic: [UInt8], payload: [UInt8], qos: QoS = .atLeastOnce, retain: Bool = false,
    properties: Properties = Properties(), lifetime: Int64? = nil, receipt: DeliveryReceipt? = nil,
    isForSink: Bool = false, completion: (@Sendable (PublishAnswer) -> Void)? = nil
  ) {
    self.topic = topic
    self.payload = payload
    self.qos = qos
    self.retain = retain
    self.properties = properties
    self.lifetime = lifetime
    self.receipt = receipt
    self.isForSink = isForSink
    self.completion = completion
  }
}
