import HTTPAPI

extension HTTPConfiguration {
  init(_ configuration: HubConfiguration) {
    var limits = HTTPLimits()
    limits.maximumConnections = configuration.http.maximumConnections
    limits.maximumTelemetryBytes = min(configuration.http.maximumBody.bytes, configuration.maximumPacketSize.bytes)
    self.init(
      host: configuration.http.listen.host, port: configuration.http.listen.port,
      allowedHosts: configuration.http.allowedHosts.hosts, limits: limits)
  }
}
