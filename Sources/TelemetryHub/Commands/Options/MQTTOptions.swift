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

  var values: [(key: ConfigurationKey, text: String?)] {
    [
      (.mqttListen, listen),
      (.mqttMaximumPacketSize, maximumPacketSize),
      (.mqttConnectTimeout, connectTimeout),
      (.mqttMaximumConnections, maximumConnections),
      (.mqttMaximumKeepAlive, maximumKeepAlive),
    ]
  }
}
