import ArgumentParser

/// The options of `[log]`.
struct LogOptions: ConfigurationOptions {
  @Option(.logLevel) var level: String?
  @Option(.logFormat) var format: String?

  var values: [(key: ConfigurationKey, text: String?)] {
    [(.logLevel, level), (.logFormat, format)]
  }
}
