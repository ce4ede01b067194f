package import MQTTProtocol

/// A message as it arrives, its bytes still the reader's: valid only during the call it is passed to.
package struct IncomingPublish {
  /// As the client wrote it, `me` included.
  package private(set) var topic: UnsafeRawBufferPointer
  package let payload: UnsafeRawBufferPointer
  /// Raw MQTT 5 properties, without Topic Alias and Subscription Identifier.
  package private(set) var properties: UnsafeRawBufferPointer
  package let qos: QoS
  package let retain: Bool
  package let duplicate: Bool
  package let packetIdentifier: UInt16
  package private(set) var summary: PublishPropertySummary

  /// A PUBLISH of a client. Without a topic alias its properties pass on as they are.
  init(_ view: borrowing PublishView) {
    topic = view.topic
    payload = view.payload
    properties = view.properties
    qos = view.qos
    retain = view.retain
    duplicate = view.duplicate
    packetIdentifier = view.packetIdentifier
    summary = view.summary
  }

  /// The same with the topic that an alias stands for, and the properties that pass on.
  func named(_ topic: UnsafeRawBufferPointer, properties: UnsafeRawBufferPointer) -> IncomingPublish {
    var named = self
    named.topic = topic
    named.properties = properties
    // Of bytes that a decoder accepted.
    named.summary = (try? PublishPropertySummary(reading: properties)) ?? PublishPropertySummary()
    return named
  }

  /// A message with no packet of its own: a will, or one the hub publishes.
  init(
    topic: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer, properties: UnsafeRawBufferPointer, qos: QoS,
    retain: Bool
  ) {
    self.topic = topic
    self.payload = payload
    self.properties = properties
    self.qos = qos
    self.retain = retain
    duplicate = false
    packetIdentifier = 0
    summary = PublishPropertySummary()
  }

  /// Whether the payload is said to be UTF-8 and is not (MQTT 5.0 §3.3.2.3.2).
  var isPayloadMisdeclared: Bool { summary.payloadIsUTF8 && String(validating: payload, as: UTF8.self) == nil }

  /// Response Topic (MQTT 5.0 §3.3.2.3.5).
  package var responseTopic: UnsafeRawBufferPointer? { slice(summary.responseTopic) }

  /// Correlation Data (MQTT 5.0 §3.3.2.3.6).
  package var correlationData: UnsafeRawBufferPointer? { slice(summary.correlationData) }

  private func slice(_ range: Range<Int>?) -> UnsafeRawBufferPointer? {
    guard let range, range.upperBound <= properties.count else { return nil }
    return UnsafeRawBufferPointer(rebasing: properties[range])
  }
}
