/// How a log line is written.
enum LogFormat: String, Sendable, CaseIterable {
  /// One readable line an event: time, level, message, `key=value` pairs.
  case text
}

extension LogFormat: ConfigurationChoice {
  static var placeholder: String { "FORMAT" }
}
