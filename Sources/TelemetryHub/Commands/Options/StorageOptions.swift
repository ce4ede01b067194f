import ArgumentParser

/// The options of `[storage]`.
struct StorageOptions: ConfigurationOptions {
  @Option(name: ConfigurationKey.dataDirectory.flagName, help: ConfigurationKey.dataDirectory.help)
  var dataDirectory: String?

  @Option(name: ConfigurationKey.memory.flagName, help: ConfigurationKey.memory.help)
  var memory: String?

  @Option(name: ConfigurationKey.retention.flagName, help: ConfigurationKey.retention.help)
  var retention: String?

  var values: [(key: ConfigurationKey, text: String?)] {
    [(.dataDirectory, dataDirectory), (.memory, memory), (.retention, retention)]
  }
}
