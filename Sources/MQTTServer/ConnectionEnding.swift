/// Why the MQTT side ends a connection, told to the transport in front of it as an outbound user event.
enum ConnectionEnding: Sendable, Equatable {
  case packetTooLarge
}
