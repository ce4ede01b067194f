import MQTTProtocol

/// What to measure.
struct ProbeSettings: Sendable {
  static let deviceName = "latency-probe"

  let host: String
  let port: UInt16
  let qos: QoS
  let topic: [UInt8]
  /// In all.
  let messages: Int
  /// Messages at the start that are not counted.
  let warmUp: Int
  /// Nanoseconds between two messages.
  let interval: Int64
}
