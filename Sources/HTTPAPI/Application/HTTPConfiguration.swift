/// Where and for whom HTTP is served.
package struct HTTPConfiguration: Sendable {
  /// A name or address to bind.
  package var host: String
  /// 0 lets the kernel choose.
  package var port: Int
  /// Names by which the hub is called beside the loopback ones and `host`; each without a port, in lower case.
  package var allowedHosts: [String]
  /// Shown as `Server`.
  package var serverName: String
  package var limits: HTTPLimits

  package init(
    host: String = "127.0.0.1", port: Int = 8080, allowedHosts: [String] = [], serverName: String = "telemetry-hub",
    limits: HTTPLimits = HTTPLimits()
  ) {
    self.host = host
    self.port = port
    self.allowedHosts = allowedHosts
    self.serverName = serverName
    self.limits = limits
  }
}
