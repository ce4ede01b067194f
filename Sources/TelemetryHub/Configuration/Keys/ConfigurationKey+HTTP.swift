extension ConfigurationKey {
  static let httpListen = ConfigurationKey(
    .http, "listen", \.http.listen, "The address where HTTP clients connect")

  static let httpAllowedHosts = ConfigurationKey(
    .http, "allowed-hosts", \.http.allowedHosts,
    "Names besides localhost and loopback addresses that a request which changes something may carry as Host or Origin")

  static let httpAdminSocket = ConfigurationKey(
    .http, "admin-socket", \.http.adminSocket,
    "The Unix socket of export, import and backup, for the hub's user and group; HTTP like the rest")

  static let httpMaximumConnections = ConfigurationKey(
    .http, "maximum-connections", \.http.maximumConnections, 1...100_000,
    "How many HTTP connections are served at once; further ones wait")

  static let httpMaximumBody = ConfigurationKey(
    .http, "maximum-body", \.http.maximumBody, .kibibytes(1)...ByteSize.mebibytes(64),
    "The largest message published over HTTP; a larger one is answered 413")
}
