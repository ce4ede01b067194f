import DeviceAgentKit

/// One thing that can be set: by a flag, by a variable of the environment, or in the configuration file.
enum SettingKey: String, CaseIterable, Sendable {
  case hub
  case device
  case interval
  case qos
  case root
  case stateDirectory = "state-dir"
  case logLevel = "log-level"

  /// As in the file; with two dashes it is the flag.
  var name: String { rawValue }

  /// `TELEMETRY_AGENT_STATE_DIR` for `state-dir`.
  var variable: String { Self.variablePrefix + name.uppercased().map { $0 == "-" ? "_" : $0 } }

  static let variablePrefix = "TELEMETRY_AGENT_"

  /// What is allowed, for an error's text.
  var allowed: String {
    switch self {
    case .hub: "HOST or HOST:PORT, such as 127.0.0.1:1883 or [::1]:1883"
    case .device: "1 to 64 of A-Z a-z 0-9 . _ : -, but not me, . or .."
    case .interval:
      "\(AgentLimits.interval.lowerBound.text) to \(AgentLimits.interval.upperBound.text), such as 500ms, 1s or 5m"
    case .qos: "0, 1 or 2"
    case .root: "a directory"
    case .stateDirectory: "a directory"
    case .logLevel: LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
    }
  }
}
