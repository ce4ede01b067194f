extension ConfigurationKey {
  static let dataDirectory = ConfigurationKey(
    .storage, "data-dir", \.storage.dataDirectory, "The directory of what the hub keeps on disk")

  static let memory = ConfigurationKey(
    .storage, "memory", \.storage.memory, .mebibytes(1)...ByteSize.gibibytes(1_024),
    "Memory for readings; when it is full, the oldest readings of the device that uses most go first")

  static let retention = ConfigurationKey(
    .storage, "retention", \.storage.retention, .seconds(60)...Duration.seconds(3_650 * 86_400),
    "How old a reading may be when it arrives; an older one is refused and counted")
}
