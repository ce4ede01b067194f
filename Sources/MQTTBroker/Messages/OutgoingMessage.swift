import MQTTProtocol

/// A message as one subscriber gets it, before it is bytes.
struct OutgoingMessage {
  /// In full, without `me` and alias.
  let topic: [UInt8]
  let payload: UnsafeRawBufferPointer
  /// Raw MQTT 5 properties as they came.
  let properties: UnsafeRawBufferPointer
  let qos: QoS
  let retain: Bool
  /// Subscription Identifiers to be said.
  let identifiers: [UInt32]
  /// The subscriber knows the topic as `v1/devices/me/…`.
  let isByMe: Bool
  let receipt: DeliveryReceipt?
  /// Set where it has waited and the remaining Message Expiry Interval must be said.
  var secondsLeft: UInt32?
  /// Its identifier where it has one already.
  var packetIdentifier: UInt16?
  /// Whether it was sent before.
  var isRepeated = false
}
