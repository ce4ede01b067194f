import ArgumentParser

/// The options of `[websocket]`.
struct WebSocketOptions: ConfigurationOptions {
  @Option(name: ConfigurationKey.webSocketListen.flagName, help: ConfigurationKey.webSocketListen.help)
  var listen: String?

  @Option(name: ConfigurationKey.webSocketAllowedOrigins.flagName, help: ConfigurationKey.webSocketAllowedOrigins.help)
  var allowedOrigins: String?

  @Option(
    name: ConfigurationKey.webSocketMaximumPacketSize.flagName,
    help: ConfigurationKey.webSocketMaximumPacketSize.help)
  var maximumPacketSize: String?

  @Option(
    name: ConfigurationKey.webSocketMaximumConnections.flagName,
    help: ConfigurationKey.webSocketMaximumConnections.help)
  var maximumConnections: String?

  @Option(name: ConfigurationKey.webSocketReceiveMaximum.flagName, help: ConfigurationKey.webSocketReceiveMaximum.help)
  var receiveMaximum: String?

  @Option(name: ConfigurationKey.webSocketConnectionRate.flagName, help: ConfigurationKey.webSocketConnectionRate.help)
  var connectionRate: String?

  @Option(name: ConfigurationKey.webSocketMessageRate.flagName, help: ConfigurationKey.webSocketMessageRate.help)
  var messageRate: String?

  @Option(name: ConfigurationKey.webSocketByteRate.flagName, help: ConfigurationKey.webSocketByteRate.help)
  var byteRate: String?

  var values: [(key: ConfigurationKey, text: String?)] {
    [
      (.webSocketListen, listen),
      (.webSocketAllowedOrigins, allowedOrigins),
      (.webSocketMaximumPacketSize, maximumPacketSize),
      (.webSocketMaximumConnections, maximumConnections),
      (.webSocketReceiveMaximum, receiveMaximum),
      (.webSocketConnectionRate, connectionRate),
      (.webSocketMessageRate, messageRate),
      (.webSocketByteRate, byteRate),
    ]
  }
}
