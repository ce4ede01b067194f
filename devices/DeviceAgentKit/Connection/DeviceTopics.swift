/// The topics of one device.
package struct DeviceTopics: Sendable, Equatable {
  private let prefix: String

  package init(device: String) { prefix = "v1/devices/\(device)" }

  package var telemetry: String { "\(prefix)/telemetry" }
  package var attributes: String { "\(prefix)/attributes" }
  package var status: String { "\(prefix)/status" }
  package var commands: String { "\(prefix)/commands" }
  package var nextCommand: String { "\(prefix)/commands/next" }
  package var nextCommandResponse: String { "\(prefix)/commands/next/response" }
  package func result(of command: String) -> String { "\(prefix)/commands/\(command)/result" }

  /// Whether a topic that the hub names for an answer is one of this device's.
  package func contains(_ topic: String) -> Bool {
    topic.hasPrefix("\(prefix)/") && !topic.unicodeScalars.contains { $0 == "+" || $0 == "#" || $0 == "\0" }
  }
}
