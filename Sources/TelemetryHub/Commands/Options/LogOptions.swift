import ArgumentParser

/// The options of `[log]`.
struct LogOptions: ConfigurationOptions {
  @Option(name: ConfigurationKey.logLevel.flagName, help: ConfigurationKey.logLevel.help)
  var level: String?

  @Option(name: ConfigurationKey.logFormat.flagName, help: ConfigurationKey.logFormat.help)
  var format: String?

  var values: [(key: ConfigurationKey, text: String?)] {
    [(.logLevel, level), (.logFormat, format)]
  }
}
