import ArgumentParser

/// The options of `[http]`.
struct HTTPOptions: ConfigurationOptions {
  @Option(.httpListen) var listen: String?
  @Option(.httpAllowedHosts) var allowedHosts: String?
  @Option(.httpAdminSocket) var adminSocket: String?
  @Option(.httpMaximumConnections) var maximumConnections: String?
  @Option(.httpMaximumBody) var maximumBody: String?

  var values: [(key: ConfigurationKey, text: String?)] {
    [
      (.httpListen, listen),
      (.httpAllowedHosts, allowedHosts),
      (.httpAdminSocket, adminSocket),
      (.httpMaximumConnections, maximumConnections),
      (.httpMaximumBody, maximumBody),
    ]
  }
}
