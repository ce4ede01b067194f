/// How many connections, and what becomes of them.
struct ConnectSettings: Sendable {
  let address: ServerAddress
  let connections: Int
  /// Connections that are being made, or taken down, at a time.
  let atOnce: Int
  /// Whether they stay until the end, instead of leaving once they are accepted.
  let areHeld: Bool
}
