import Testing

/// A data directory, and the hubs that live on it one after the other.
final class HubLives {
  let directory: TemporaryDirectory
  private let options: [String]
  /// Where the last one had its clients.
  private var mqttPort: UInt16 = 0

  init(_ options: [String] = []) throws {
    self.options = options
    directory = try TemporaryDirectory()
  }

  /// Runs a hub until the scenario is over, and kills it there and then (SIGKILL).
  ///
  /// - Parameter isOnSamePort: its clients find it where the one before was.
  func untilKilled(isOnSamePort: Bool = false, _ scenario: (HubProcess) throws -> Void) throws {
    let hub = try start(isOnSamePort)
    try scenario(hub)
    hub.process.kill()
    _ = try hub.process.waitForEnd(within: .seconds(10))
  }

  /// Runs a hub until the scenario is over, and stops it.
  func untilStopped(isOnSamePort: Bool = false, _ scenario: (HubProcess) throws -> Void) throws {
    let hub = try start(isOnSamePort)
    try scenario(hub)
    hub.stop()
  }

  private func start(_ isOnSamePort: Bool) throws -> HubProcess {
    let hub = try HubProcess(options, mqttPort: isOnSamePort ? mqttPort : 0, directory: directory)
    mqttPort = hub.mqttPort
    return hub
  }
}
