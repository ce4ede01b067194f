/// Where a client connects, and what it says in its CONNECT packet.
package struct MosquittoConnectOptions: Sendable {
  /// A name or an address.
  package var host: String
  package var port: UInt16
  package var clientIdentifier: String
  package var protocolVersion: MosquittoProtocolVersion = .v5
  /// Seconds, 5 to 65,535; libmosquitto refuses less.
  package var keepAlive: UInt16 = 30
  /// Clean Start (MQTT 5) or Clean Session (MQTT 3.1.1).
  package var cleanStart = true
  /// Seconds that the server keeps the session after the connection (MQTT 5); nil: not at all.
  package var sessionExpiry: UInt32?
  package var userName: String?
  package var password: String?
  /// Published by the server when the connection ends without a DISCONNECT.
  package var will: MosquittoMessage?
  /// Unacknowledged QoS 1 and 2 publishes sent at a time; the server's Receive Maximum lowers it. libmosquitto queues
  /// the rest.
  package var maximumInFlight: UInt16 = 20

  package init(host: String, port: UInt16, clientIdentifier: String) {
    self.host = host
    self.port = port
    self.clientIdentifier = clientIdentifier
  }
}
