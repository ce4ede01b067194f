import ArgumentParser

/// The options of `[storage]`.
struct StorageOptions: ConfigurationOptions {
  @Option(.dataDirectory) var dataDirectory: String?
  @Option(.memory) var memory: String?
  @Option(.retention) var retention: String?

  var values: [(key: ConfigurationKey, text: String?)] {
    [(.dataDirectory, dataDirectory), (.memory, memory), (.retention, retention)]
  }
}
