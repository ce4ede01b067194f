extension ConfigurationKey {
  static let dataDirectory = ConfigurationKey(
    .storage, "data-dir", \.storage.dataDirectory, "The directory of what the hub keeps on disk")

  static let memory = ConfigurationKey(
    .storage, "memory", \.storage.memory, .mebibytes(1)...ByteSize.gibibytes(1_024),
    "Memory for readings; when it is full, the oldest readings of the device that uses most go first")

  static let retention = ConfigurationKey(
    .storage, "retention", \.storage.retention, .seconds(60)...Duration.seconds(3_650 * 86_400),
    "How long readings are kept; one that is older when it arrives is refused and counted")

  static let retention1m = ConfigurationKey(
    .storage, "retention-1m", \.storage.retention1m, .seconds(60)...Duration.seconds(36_500 * 86_400),
    "How long one-minute rollups (count, min, max, sum, last) are kept; they answer long queries with every")

  static let retention1h = ConfigurationKey(
    .storage, "retention-1h", \.storage.retention1h, .seconds(60)...Duration.seconds(36_500 * 86_400),
    "The same for one-hour rollups")

  static let commitInterval = ConfigurationKey(
    .storage, "commit-interval", \.storage.commitInterval, .seconds(0)...Duration.seconds(60),
    "How long readings and their acknowledgements may wait for a common write to disk: longer is kinder to flash")

  static let pendingCommitBytes = ConfigurationKey(
    .storage, "pending-commit-bytes", \.storage.pendingCommitBytes, .mebibytes(1)...ByteSize.gibibytes(1),
    "What may wait for the disk; when it is that much, publishers are not read from until it is less")

  static let disk = ConfigurationKey(
    .storage, "disk", \.storage.disk, .mebibytes(32)...ByteSize.gibibytes(1_024),
    "Disk for everything durable; when it is nearly full, the oldest readings of the device that uses most go first")

  static let journal = ConfigurationKey(
    .storage, "journal", \.storage.journal, .kibibytes(64)...ByteSize.gibibytes(1),
    "Readings on disk in the order they came; when they are that many bytes, they are moved into chunks")
}
