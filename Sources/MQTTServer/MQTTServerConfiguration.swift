/// What the MQTT server is told by whoever runs it.
package struct MQTTServerConfiguration: Sendable {
  /// An address to bind, e.g. `127.0.0.1` or `::1`.
  package var host: String
  /// 0 lets the kernel choose.
  package var port: Int
  /// Connections the kernel keeps for us until they are accepted.
  package var backlog: Int32 = 1_024

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }
}
