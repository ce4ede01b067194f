/// Connections that stay, and what little they send.
struct HoldSettings: Sendable {
  /// Seconds; a PINGREQ goes out at half of it.
  static let keepAlive: UInt16 = 60
  /// What the one subscriber subscribes to.
  static let filter = "bench/+/reading"

  let address: ServerAddress
  /// Without the subscriber.
  let connections: Int
  /// Messages a second, of all connections in turn.
  let rate: Int
  let qos: UInt8
  /// Seconds.
  let duration: Int
  /// Seconds between two reports.
  let reportInterval: Int

  func clientIdentifier(_ index: Int) -> String { index < connections ? "load-\(index + 1)" : "load-subscriber" }
}
