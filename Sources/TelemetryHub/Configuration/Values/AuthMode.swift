/// Whether a client must say who it is.
enum AuthMode: String, Sendable, CaseIterable {
  /// Anybody who can reach the hub may do anything; allowed on loopback only.
  case none
  /// Every client must authenticate.
  case required
}

extension AuthMode: ConfigurationChoice {
  static var placeholder: String { "MODE" }
}
