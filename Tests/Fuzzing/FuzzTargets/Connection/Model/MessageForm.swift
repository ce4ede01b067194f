import MQTTProtocol

/// A message as it was published, in what subscribers may see of it.
struct MessageForm {
  let qos: QoS
  let retain: Bool
  /// Without what is one connection's or the server's, and without the interval below.
  let properties: Properties
  /// Seconds.
  let messageExpiryInterval: UInt32?

  init(qos: QoS, retain: Bool, properties: Properties) {
    self.qos = qos
    self.retain = retain
    messageExpiryInterval = properties.messageExpiryInterval
    self.properties = Properties(
      properties.items.filter {
        switch $0 {
        case .topicAlias, .subscriptionIdentifier, .willDelayInterval, .messageExpiryInterval: false
        default: true
        }
      })
  }

  /// Whether a delivery can be of this message. A subscriber may get a lower QoS, no RETAIN, and less time.
  func allows(_ delivered: MessageForm, version: ProtocolVersion) -> Bool {
    guard delivered.qos <= qos, retain || !delivered.retain else { return false }
    guard version == .v5 else { return true }
    guard delivered.properties == properties else { return false }
    switch (delivered.messageExpiryInterval, messageExpiryInterval) {
    case (nil, nil): return true
    case (let left?, let whole?): return left <= whole
    default: return false
    }
  }
}
