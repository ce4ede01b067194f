import DeviceAgentKit

/// The settings in force, each with where it came from.
struct Settings: Sendable {
  private(set) var hub = HubAddress(host: "127.0.0.1")
  private(set) var device = DeviceName.ofThisMachine()
  private(set) var interval: Duration = .seconds(1)
  private(set) var qos = 1
  private(set) var root = "/"
  private(set) var stateDirectory: String?
  private(set) var logLevel = LogLevel.info
  private(set) var origins: [SettingKey: SettingOrigin] = [:]

  /// - Parameter environment: names the defaults of what systemd or the user's session provides.
  init(environment: [String: String]) {
    // systemd's own (StateDirectory=); then the user's (XDG Base Directory Specification).
    if let directory = environment["STATE_DIRECTORY"].flatMap({ $0.split(separator: ":").first }) {
      stateDirectory = String(directory)
    } else if let directory = environment["XDG_STATE_HOME"], directory.hasPrefix("/") {
      stateDirectory = "\(directory)/telemetry-agent"
    } else if let home = environment["HOME"], home.hasPrefix("/") {
      stateDirectory = "\(home == "/" ? "" : home)/.local/state/telemetry-agent"
    }
  }

  func origin(of key: SettingKey) -> SettingOrigin { origins[key] ?? .builtIn }

  /// Sets one key from its text.
  mutating func set(_ key: SettingKey, to text: String, from origin: SettingOrigin) throws(SettingError) {
    let error = SettingError.notAllowed(key, received: text, origin)
    switch key {
    case .hub:
      guard let value = HubAddress(text: text) else { throw error }
      hub = value
    case .device:
      guard DeviceName.isValid(text) else { throw error }
      device = text
    case .interval:
      guard let value = Duration(text: text), AgentLimits.interval.contains(value) else { throw error }
      interval = value
    case .qos:
      guard let value = Int(text), (0...2).contains(value) else { throw error }
      qos = value
    case .root:
      guard !text.isEmpty else { throw error }
      root = text
    case .stateDirectory:
      guard !text.isEmpty else { throw error }
      stateDirectory = text
    case .logLevel:
      guard let value = LogLevel(rawValue: text) else { throw error }
      logLevel = value
    }
    origins[key] = origin
  }

  /// The text that `set` reads back.
  func text(of key: SettingKey) -> String {
    switch key {
    case .hub: hub.description
    case .device: device
    case .interval: interval.text
    case .qos: String(qos)
    case .root: root
    case .stateDirectory: stateDirectory ?? ""
    case .logLevel: logLevel.rawValue
    }
  }
}
