import ArgumentParser

/// The options of `[http]`.
struct HTTPOptions: ConfigurationOptions {
  @Option(name: ConfigurationKey.httpListen.flagName, help: ConfigurationKey.httpListen.help)
  var listen: String?

  @Option(name: ConfigurationKey.httpAllowedHosts.flagName, help: ConfigurationKey.httpAllowedHosts.help)
  var allowedHosts: String?

  @Option(name: ConfigurationKey.httpMaximumConnections.flagName, help: ConfigurationKey.httpMaximumConnections.help)
  var maximumConnections: String?

  @Option(name: ConfigurationKey.httpMaximumBody.flagName, help: ConfigurationKey.httpMaximumBody.help)
  var maximumBody: String?

  var values: [(key: ConfigurationKey, text: String?)] {
    [
      (.httpListen, listen),
      (.httpAllowedHosts, allowedHosts),
      (.httpMaximumConnections, maximumConnections),
      (.httpMaximumBody, maximumBody),
    ]
  }
}
