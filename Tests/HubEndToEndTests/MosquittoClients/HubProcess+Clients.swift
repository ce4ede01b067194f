import MosquittoClient

/// Clients of this folder's tests.
extension HubProcess {
  var mosquittoAddress: [String] { ["-h", "127.0.0.1", "-p", "\(mqttPort)"] }

  /// Starts mosquitto_sub; gives up after 20 s.
  func subscribe(_ arguments: [String]) throws -> ChildProcess {
    try ChildProcess("mosquitto_sub", mosquittoAddress + ["-W", "20"] + arguments)
  }

  /// A connected libmosquitto client.
  func mosquittoClient(_ name: String, version: MosquittoProtocolVersion = .v5) throws -> MosquittoClient {
    var options = MosquittoConnectOptions(host: "127.0.0.1", port: mqttPort, clientIdentifier: name)
    options.protocolVersion = version
    let client = try MosquittoClient(options)
    try client.connectAndWait()
    return client
  }
}
