/// What the keys that every door for MQTT has allow.
enum ListenerRange {
  static let packetSize = ByteSize.kibibytes(1)...ByteSize.mebibytes(64)
  static let connections = 1...1_000_000
  static let receiveMaximum = 1...65_535
  static let connectionRate = 0...1_000_000
  static let messageRate = 0...100_000_000
  static let byteRate = ByteSize(bytes: 0)...ByteSize.gibibytes(64)
}

/// What the keys that every door for MQTT has do.
enum ListenerSummary {
  static let packetSize = "The largest packet; a client that sends a larger one is disconnected (in MQTT 5 with 0x95)"
  static let connections =
    "How many MQTT clients may be connected at once; a further one is refused in its CONNACK (0x97, in 3.1.1: 3)"
  static let receiveMaximum =
    "How many unfinished QoS 1 and 2 messages an MQTT 5 client may send; one more and it is disconnected (0x93)"
  static let connectionRate =
    "How many new connections a second are accepted, as many at once; further ones wait in the backlog; 0 is no limit"
  static let messageRate =
    "How many messages a second one client may publish, as many at once; beyond, it is not read from; 0 is no limit"
  static let byteRate =
    "How many bytes a second one client may send, as many at once; beyond, it is not read from; 0 is no limit"
}
