extension ConfigurationKey {
  static let mqttListen = ConfigurationKey(
    .mqtt, "listen", \.mqtt.listen, "The address where MQTT clients connect")

  static let mqttMaximumPacketSize = ConfigurationKey(
    .mqtt, "maximum-packet-size", \.mqtt.maximumPacketSize, .kibibytes(1)...ByteSize.mebibytes(64),
    "The largest packet; a client that sends a larger one is disconnected (in MQTT 5 with 0x95)")

  static let mqttConnectTimeout = ConfigurationKey(
    .mqtt, "connect-timeout", \.mqtt.connectTimeout, .seconds(1)...Duration.seconds(300),
    "How long a new connection may take to send its CONNECT; then it is closed")

  static let mqttMaximumConnections = ConfigurationKey(
    .mqtt, "maximum-connections", \.mqtt.maximumConnections, 1...1_000_000,
    "How many MQTT connections may be open at once; a further one is refused in its CONNACK (0x97, in 3.1.1: 3)")

  static let mqttMaximumKeepAlive = ConfigurationKey(
    .mqtt, "maximum-keep-alive", \.mqtt.maximumKeepAlive, .seconds(5)...Duration.seconds(65_535),
    "The longest keep-alive granted; an MQTT 5 client that asks for more, or for none, is told this one")
}
