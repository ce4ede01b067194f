import ArgumentParser

/// The options of `[websocket]`.
struct WebSocketOptions: ConfigurationOptions {
  @Option(.webSocketListen) var listen: String?
  @Option(.webSocketAllowedOrigins) var allowedOrigins: String?
  @Option(.webSocketMaximumPacketSize) var maximumPacketSize: String?
  @Option(.webSocketMaximumConnections) var maximumConnections: String?
  @Option(.webSocketReceiveMaximum) var receiveMaximum: String?
  @Option(.webSocketConnectionRate) var connectionRate: String?
  @Option(.webSocketMessageRate) var messageRate: String?
  @Option(.webSocketByteRate) var byteRate: String?

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
