/// Debian's clients.
extension HubProcess {
  /// Runs mosquitto_pub to its end.
  @discardableResult
  func mosquittoPublish(_ arguments: String...) throws -> Outcome {
    try run("mosquitto_pub", address + arguments)
  }

  /// Starts mosquitto_sub; gives up after 20 s.
  func mosquittoSubscribe(_ arguments: String...) throws -> ChildProcess {
    try ChildProcess("mosquitto_sub", address + ["-W", "20"] + arguments)
  }

  /// Runs mosquitto_rr to its end.
  func mosquittoRequest(_ arguments: String...) throws -> Outcome {
    try run("mosquitto_rr", address + ["-W", "20"] + arguments)
  }

  private var address: [String] { ["-h", "127.0.0.1", "-p", "\(mqttPort)"] }
}
