import ArgumentParser

/// The options of `[mqtt]`.
struct MQTTOptions: ConfigurationOptions {
  @Option(.mqttListen) var listen: String?
  @Option(.mqttMaximumPacketSize) var maximumPacketSize: String?
  @Option(.mqttConnectTimeout) var connectTimeout: String?
  @Option(.mqttMaximumConnections) var maximumConnections: String?
  @Option(.mqttMaximumKeepAlive) var maximumKeepAlive: String?
  @Option(.mqttMaximumSessionExpiry) var maximumSessionExpiry: String?
  @Option(.mqttTopicAliasMaximum) var topicAliasMaximum: String?
  @Option(.mqttValidatePayloadFormat) var validatePayloadFormat: String?
  @Option(.mqttReceiveMaximum) var receiveMaximum: String?
  @Option(.mqttConnectionRate) var connectionRate: String?
  @Option(.mqttMessageRate) var messageRate: String?
  @Option(.mqttByteRate) var byteRate: String?

  var values: [(key: ConfigurationKey, text: String?)] {
    [
      (.mqttListen, listen),
      (.mqttMaximumPacketSize, maximumPacketSize),
      (.mqttConnectTimeout, connectTimeout),
      (.mqttMaximumConnections, maximumConnections),
      (.mqttMaximumKeepAlive, maximumKeepAlive),
      (.mqttMaximumSessionExpiry, maximumSessionExpiry),
      (.mqttTopicAliasMaximum, topicAliasMaximum),
      (.mqttValidatePayloadFormat, validatePayloadFormat),
      (.mqttReceiveMaximum, receiveMaximum),
      (.mqttConnectionRate, connectionRate),
      (.mqttMessageRate, messageRate),
      (.mqttByteRate, byteRate),
    ]
  }
}
