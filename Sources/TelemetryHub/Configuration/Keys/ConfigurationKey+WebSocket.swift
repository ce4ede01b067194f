extension ConfigurationKey {
  static let webSocketListen = ConfigurationKey(
    .websocket, "listen", \.websocket.listen, "The address where MQTT clients connect over WebSocket")

  static let webSocketAllowedOrigins = ConfigurationKey(
    .websocket, "allowed-origins", \.websocket.allowedOrigins,
    "The origins whose pages may connect from a browser; clients that are no browser send no Origin and may always")

  static let webSocketMaximumPacketSize = ConfigurationKey(
    .websocket, "maximum-packet-size", \.websocket.limits.maximumPacketSize, ListenerRange.packetSize,
    ListenerSummary.packetSize)

  static let webSocketMaximumConnections = ConfigurationKey(
    .websocket, "maximum-connections", \.websocket.limits.maximumConnections, ListenerRange.connections,
    ListenerSummary.connections)

  static let webSocketReceiveMaximum = ConfigurationKey(
    .websocket, "receive-maximum", \.websocket.limits.receiveMaximum, ListenerRange.receiveMaximum,
    ListenerSummary.receiveMaximum)

  static let webSocketConnectionRate = ConfigurationKey(
    .websocket, "connection-rate", \.websocket.limits.connectionRate, ListenerRange.connectionRate,
    ListenerSummary.connectionRate)

  static let webSocketMessageRate = ConfigurationKey(
    .websocket, "message-rate", \.websocket.limits.messageRate, ListenerRange.messageRate,
    ListenerSummary.messageRate)

  static let webSocketByteRate = ConfigurationKey(
    .websocket, "byte-rate", \.websocket.limits.byteRate, ListenerRange.byteRate, ListenerSummary.byteRate)
}
