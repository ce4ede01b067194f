import MQTTBroker
import MQTTServer

extension BrokerLimits {
  init(_ configuration: HubConfiguration) {
    self.init()
    maximumPacketSize = configuration.maximumPacketSize.bytes
    connectTimeout = configuration.mqtt.connectTimeout.wholeMilliseconds
    // The doors hold their own limits; who is being told so must not take the place of another door's client.
    maximumConnections = configuration.maximumMQTTConnections + 2 * MQTTListener.maximumSurplus
    maximumKeepAlive = UInt16(clamping: configuration.mqtt.maximumKeepAlive.components.seconds)
    maximumSessionExpiry = UInt32(clamping: configuration.mqtt.maximumSessionExpiry.components.seconds)
    topicAliasMaximum = UInt16(clamping: configuration.mqtt.topicAliasMaximum)
    validatesPayloadFormat = configuration.mqtt.validatesPayloadFormat
    maximumSessions = configuration.limits.maximumSessions
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

extension ListenerLimits {
  init(_ name: String, _ limits: HubConfiguration.Listener) {
    self.init(
      name: name, maximumConnections: limits.maximumConnections, maximumPacketSize: limits.maximumPacketSize.bytes,
      receiveMaximum: UInt16(clamping: limits.receiveMaximum),
      connectionRate: limits.connectionRate > 0 ? limits.connectionRate : nil,
      messageRate: limits.messageRate > 0 ? limits.messageRate : nil,
      byteRate: limits.byteRate.bytes > 0 ? limits.byteRate.bytes : nil)
  }
}

extension HubConfiguration {
  /// The doors for MQTT that are open.
  private var listeners: [Listener] { websocket.listen == nil ? [mqtt.limits] : [mqtt.limits, websocket.limits] }

  /// Of all doors for MQTT together.
  var maximumMQTTConnections: Int { listeners.reduce(0) { $0 + $1.maximumConnections } }

  /// The largest packet that any door takes.
  var maximumPacketSize: ByteSize { listeners.map(\.maximumPacketSize).max() ?? mqtt.limits.maximumPacketSize }
}

extension Duration {
  /// Milliseconds, rounded down.
  var wholeMilliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
