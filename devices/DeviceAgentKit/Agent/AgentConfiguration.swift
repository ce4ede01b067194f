/// What makes one agent different from another.
public struct AgentConfiguration: Sendable {
  /// How long an agent runs.
  public enum Mode: Sendable, Equatable {
    /// Until it is told to stop.
    case continuous
    /// Publish once, ask for commands, run them, leave.
    case once
  }

  /// Where the hub listens; 127.0.0.1:1883 by default.
  public var hub = HubAddress(host: "127.0.0.1")
  /// The device's name, which is also its MQTT client identifier.
  public var device: String
  /// Between two readings; within `AgentLimits.interval`.
  public var interval: Duration = .seconds(1)
  /// The QoS of telemetry, 0 to 2.
  public var qos = 1
  /// Where the machine's files are; another root for tests.
  public var files = SystemFiles()
  /// Where the journal of commands is kept; nil: in memory, so that a restart forgets which commands ran.
  public var stateDirectory: String?
  /// How long it runs.
  public var mode = Mode.continuous
  /// What the device reports as its firmware.
  public var firmware = "DeviceAgentKit"
  /// Where it tells what happens.
  public var log = StandardErrorLog(level: .info, isJournal: false)
  /// The process's environment, for `NOTIFY_SOCKET` and `WATCHDOG_USEC`.
  public var environment: [String: String] = [:]

  /// - Parameter device: nil: the host name.
  public init(device: String? = nil) {
    self.device = device ?? DeviceName.ofThisMachine()
  }
}
