import MQTTBroker

extension BrokerLimits {
  init(_ configuration: HubConfiguration) {
    self.init()
    maximumPacketSize = configuration.mqtt.maximumPacketSize.bytes
    connectTimeout = configuration.mqtt.connectTimeout.wholeMilliseconds
    maximumConnections = configuration.mqtt.maximumConnections
    maximumKeepAlive = UInt16(clamping: configuration.mqtt.maximumKeepAlive.components.seconds)
    maximumRetainedMessages = configuration.limits.maximumRetainedMessages
    maximumRetainedBytes = configuration.limits.maximumRetainedBytes.bytes
    sessionQueueMessages = configuration.limits.sessionQueueMessages
    sessionQueueBytes = configuration.limits.sessionQueueBytes.bytes
    connectionOutputBytes = configuration.limits.connectionOutputBytes.bytes
    totalOutputBytes = configuration.limits.totalOutputBytes.bytes
    totalInputBytes = configuration.limits.totalInputBytes.bytes
    totalStateBytes = configuration.limits.totalStateBytes.bytes
    maximumSubscriptionsPerClient = configuration.limits.maximumSubscriptionsPerClient
  }
}

extension Duration {
  /// Milliseconds, rounded down.
  var wholeMilliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
