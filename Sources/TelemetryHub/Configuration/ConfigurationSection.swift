/// A section of the configuration file.
enum ConfigurationSection: String, Sendable, CaseIterable {
  case mqtt
  case websocket
  case http
  case storage
  case auth
  case limits
  case log

  /// What the section holds, as a heading in help and documentation.
  var title: String {
    switch self {
    case .mqtt: "MQTT"
    case .websocket: "MQTT over WebSocket"
    case .http: "HTTP"
    case .storage: "Storage"
    case .auth: "Authentication"
    case .limits: "Limits"
    case .log: "Log"
    }
  }

  /// What a flag begins with, so that `listen` in `[mqtt]` and in `[http]` are told apart; empty where a key's own name
  /// says enough.
  var flagPrefix: String {
    switch self {
    case .mqtt, .websocket, .http, .log: rawValue + "-"
    case .storage, .auth, .limits: ""
    }
  }
}
