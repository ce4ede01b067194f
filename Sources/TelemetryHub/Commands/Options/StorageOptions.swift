import ArgumentParser

/// The options of `[storage]`.
struct StorageOptions: ConfigurationOptions {
  @Option(.dataDirectory) var dataDirectory: String?
  @Option(.memory) var memory: String?
  @Option(.disk) var disk: String?
  @Option(.retention) var retention: String?
  @Option(.retention1m) var retention1m: String?
  @Option(.retention1h) var retention1h: String?
  @Option(.commitInterval) var commitInterval: String?
  @Option(.pendingCommitBytes) var pendingCommitBytes: String?
  @Option(.journal) var journal: String?

  var values: [(key: ConfigurationKey, text: String?)] {
    [
      (.dataDirectory, dataDirectory), (.memory, memory), (.disk, disk), (.retention, retention),
      (.retention1m, retention1m), (.retention1h, retention1h), (.commitInterval, commitInterval),
      (.pendingCommitBytes, pendingCommitBytes), (.journal, journal),
    ]
  }
}
