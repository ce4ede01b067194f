extension ConfigurationKey {
  static let maximumDevices = ConfigurationKey(
    .limits, "maximum-devices", \.limits.maximumDevices, 1...10_000_000,
    "How many devices are known; readings of a further one are refused and counted")

  static let maximumSeries = ConfigurationKey(
    .limits, "maximum-series", \.limits.maximumSeries, 1...100_000_000,
    "How many series (a device's metric) are kept; readings of a further one are refused and counted")

  static let maximumSeriesPerDevice = ConfigurationKey(
    .limits, "maximum-series-per-device", \.limits.maximumSeriesPerDevice, 1...1_000_000,
    "How many series one device may have; readings of a further one are refused and counted")

  static let deadLetters = ConfigurationKey(
    .limits, "dead-letters", \.limits.deadLetters, 1...1_000_000,
    "How many unreadable messages are kept for inspection; the oldest make room")

  static let deadLetterBytes = ConfigurationKey(
    .limits, "dead-letter-bytes", \.limits.deadLetterBytes, .kibibytes(4)...ByteSize.gibibytes(1),
    "Memory for unreadable messages (their topic and first bytes); the oldest make room")

  static let maximumCommands = ConfigurationKey(
    .limits, "maximum-commands", \.limits.maximumCommands, 1...10_000_000,
    "How many commands are kept, final ones included; the oldest final one makes room, else a new one is refused")

  static let maximumCommandBytes = ConfigurationKey(
    .limits, "maximum-command-bytes", \.limits.maximumCommandBytes, .kibibytes(64)...ByteSize.gibibytes(16),
    "Memory for the arguments and results of all commands; the oldest final ones make room")

  static let maximumRetainedMessages = ConfigurationKey(
    .limits, "maximum-retained-messages", \.limits.maximumRetainedMessages, 1...10_000_000,
    "How many retained messages are kept; one on a further topic is refused, in MQTT 5 with 0x97")

  static let maximumRetainedBytes = ConfigurationKey(
    .limits, "maximum-retained-bytes", \.limits.maximumRetainedBytes, .kibibytes(64)...ByteSize.gibibytes(64),
    "Memory for retained messages; one that does not fit is refused, in MQTT 5 with 0x97")

  static let maximumSubscriptionsPerClient = ConfigurationKey(
    .limits, "maximum-subscriptions-per-client", \.limits.maximumSubscriptionsPerClient, 1...1_000_000,
    "How many topic filters one client may subscribe to; a further one is refused in its SUBACK (0x97, in 3.1.1: 0x80)")

  static let maximumSessions = ConfigurationKey(
    .limits, "maximum-sessions", \.limits.maximumSessions, 1...10_000_000,
    "How many MQTT sessions there may be; a client whose session would outlive its connection is then refused "
      + "(0x97, in 3.1.1: 3)")

  static let sessionQueueMessages = ConfigurationKey(
    .limits, "session-queue-messages", \.limits.sessionQueueMessages, 1...1_000_000,
    "How many QoS 1 and 2 messages wait for one client; a further one is dropped and counted")

  static let sessionQueueBytes = ConfigurationKey(
    .limits, "session-queue-bytes", \.limits.sessionQueueBytes, .kibibytes(64)...ByteSize.gibibytes(1),
    "How many bytes of QoS 1 and 2 messages are kept for one client, in flight or waiting; one beyond is dropped and counted"
  )

  static let connectionOutputBytes = ConfigurationKey(
    .limits, "connection-output-bytes", \.limits.connectionOutputBytes, .kibibytes(64)...ByteSize.gibibytes(1),
    "How many unsent bytes one slow reader may have; beyond, QoS 0 is dropped and QoS 1 and 2 wait in its queue")

  static let totalOutputBytes = ConfigurationKey(
    .limits, "total-output-bytes", \.limits.totalOutputBytes, .mebibytes(1)...ByteSize.gibibytes(64),
    "Memory for the queues and unsent bytes of all clients together; beyond, whoever has most loses first, counted")

  static let totalInputBytes = ConfigurationKey(
    .limits, "total-input-bytes", \.limits.totalInputBytes, .mebibytes(1)...ByteSize.gibibytes(64),
    "Memory for packets of all clients that have come in part; beyond, who has sent more than 4 KiB of one is disconnected"
  )

  static let totalStateBytes = ConfigurationKey(
    .limits, "total-state-bytes", \.limits.totalStateBytes, .mebibytes(1)...ByteSize.gibibytes(64),
    "Memory for the subscriptions, wills and topic aliases of all clients together; beyond, a further one is refused (0x97)"
  )
}
