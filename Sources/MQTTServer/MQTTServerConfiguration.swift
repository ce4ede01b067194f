package import MQTTBroker

/// One listener, as whoever runs the server describes it.
package struct MQTTServerConfiguration: Sendable {
  /// What carries MQTT's bytes.
  package enum Transport: Sendable {
    case tcp
    /// Browsers' pages are let in from these origins (`https://panel.example:8443`) only; clients that are no browser
    /// send none and pass.
    case webSocket(allowedOrigins: [String])
  }

  /// An address to bind, e.g. `127.0.0.1` or `::1`.
  package var host: String
  /// 0 lets the kernel choose.
  package var port: Int
  package var transport: Transport
  /// nil for what the broker allows as a whole.
  package var limits: ListenerLimits?
  /// Connections the kernel keeps for us until they are accepted.
  package var backlog: Int32 = 1_024

  package init(host: String, port: Int, transport: Transport = .tcp, limits: ListenerLimits? = nil) {
    self.host = host
    self.port = port
    self.transport = transport
    self.limits = limits
  }
}
