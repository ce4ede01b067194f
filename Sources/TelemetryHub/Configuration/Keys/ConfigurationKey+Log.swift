extension ConfigurationKey {
  static let logLevel = ConfigurationKey(
    .log, "level", \.log.level, "The least severe events that are logged")

  static let logFormat = ConfigurationKey(
    .log, "format", \.log.format, "How a log line is written")
}
