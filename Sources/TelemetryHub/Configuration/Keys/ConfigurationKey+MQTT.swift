extension ConfigurationKey {
  static let mqttListen = ConfigurationKey(
    .mqtt, "listen", \.mqtt.listen, "The address where MQTT clients connect")

  static let mqttMaximumPacketSize = ConfigurationKey(
    .mqtt, "maximum-packet-size", \.mqtt.limits.maximumPacketSize, ListenerRange.packetSize,
    ListenerSummary.packetSize)

  static let mqttConnectTimeout = ConfigurationKey(
    .mqtt, "connect-timeout", \.mqtt.connectTimeout, .seconds(1)...Duration.seconds(300),
    "How long a new connection of either door may take to send its CONNECT; then it is closed")

  static let mqttMaximumConnections = ConfigurationKey(
    .mqtt, "maximum-connections", \.mqtt.limits.maximumConnections, ListenerRange.connections,
    ListenerSummary.connections)

  static let mqttMaximumKeepAlive = ConfigurationKey(
    .mqtt, "maximum-keep-alive", \.mqtt.maximumKeepAlive, .seconds(5)...Duration.seconds(65_535),
    "The longest keep-alive granted; an MQTT 5 client that asks for more, or for none, is told this one")

  static let mqttMaximumSessionExpiry = ConfigurationKey(
    .mqtt, "maximum-session-expiry", \.mqtt.maximumSessionExpiry, .seconds(1)...Duration.seconds(Int64(UInt32.max)),
    "How long a session is kept without a connection; an MQTT 5 client that asks for more is told this; "
      + "the greatest value is for ever")

  static let mqttTopicAliasMaximum = ConfigurationKey(
    .mqtt, "topic-alias-maximum", \.mqtt.topicAliasMaximum, 0...65_535,
    "How many topic aliases an MQTT 5 client may set; a greater one and it is disconnected (0x94)")

  static let mqttValidatePayloadFormat = ConfigurationKey(
    .mqtt, "validate-payload-format", \.mqtt.validatesPayloadFormat,
    "Whether a payload that an MQTT 5 client says is UTF-8 is looked at, and refused (0x99) where it is not")

  static let mqttReceiveMaximum = ConfigurationKey(
    .mqtt, "receive-maximum", \.mqtt.limits.receiveMaximum, ListenerRange.receiveMaximum,
    ListenerSummary.receiveMaximum)

  static let mqttConnectionRate = ConfigurationKey(
    .mqtt, "connection-rate", \.mqtt.limits.connectionRate, ListenerRange.connectionRate,
    ListenerSummary.connectionRate)

  static let mqttMessageRate = ConfigurationKey(
    .mqtt, "message-rate", \.mqtt.limits.messageRate, ListenerRange.messageRate, ListenerSummary.messageRate)

  static let mqttByteRate = ConfigurationKey(
    .mqtt, "byte-rate", \.mqtt.limits.byteRate, ListenerRange.byteRate, ListenerSummary.byteRate)
}
