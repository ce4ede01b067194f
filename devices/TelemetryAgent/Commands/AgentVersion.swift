/// The version that `--version` prints and the device reports as its firmware.
enum AgentVersion {
  static let number = "0.1.0"
  static let name = "telemetry-agent \(number)"
}
