import ArgumentParser

/// The options of `[mqtt]`.
struct MQTTOptions: ConfigurationOptions {
  @Option(name: ConfigurationKey.mqttListen.flagName, help: ConfigurationKey.mqttListen.help)
  var listen: String?

  @Option(name: ConfigurationKey.mqttMaximumPacketSize.flagName, help: ConfigurationKey.mqttMaximumPacketSize.help)
  var maximumPacketSize: String?

  @Option(name: ConfigurationKey.mqttConnectTimeout.flagName, help: ConfigurationKey.mqttConnectTimeout.help)
  var connectTimeout: String?

  @Option(name: ConfigurationKey.mqttMaximumConnections.flagName, help: ConfigurationKey.mqttMaximumConnections.help)
  var maximumConnections: String?

  @Option(name: ConfigurationKey.mqttMaximumKeepAlive.flagName, help: ConfigurationKey.mqttMaximumKeepAlive.help)
  var maximumKeepAlive: String?

  @Option(
    name: ConfigurationKey.mqttMaximumSessionExpiry.flagName, help: ConfigurationKey.mqttMaximumSessionExpiry.help)
  var maximumSessionExpiry: String?

  @Option(name: ConfigurationKey.mqttTopicAliasMaximum.flagName, help: ConfigurationKey.mqttTopicAliasMaximum.help)
  var topicAliasMaximum: String?

  @Option(
    name: ConfigurationKey.mqttValidatePayloadFormat.flagName, help: ConfigurationKey.mqttValidatePayloadFormat.help)
  var validatePayloadFormat: String?

  @Option(name: ConfigurationKey.mqttReceiveMaximum.flagName, help: ConfigurationKey.mqttReceiveMaximum.help)
  var receiveMaximum: String?

  @Option(name: ConfigurationKey.mqttConnectionRate.flagName, help: ConfigurationKey.mqttConnectionRate.help)
  var connectionRate: String?

  @Option(name: ConfigurationKey.mqttMessageRate.flagName, help: ConfigurationKey.mqttMessageRate.help)
  var messageRate: String?

  @Option(name: ConfigurationKey.mqttByteRate.flagName, help: ConfigurationKey.mqttByteRate.help)
  var byteRate: String?

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
