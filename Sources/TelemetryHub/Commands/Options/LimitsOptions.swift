import ArgumentParser

/// The options of `[limits]`.
struct LimitsOptions: ConfigurationOptions {
  @Option(name: ConfigurationKey.maximumDevices.flagName, help: ConfigurationKey.maximumDevices.help)
  var maximumDevices: String?

  @Option(name: ConfigurationKey.maximumSeries.flagName, help: ConfigurationKey.maximumSeries.help)
  var maximumSeries: String?

  @Option(name: ConfigurationKey.maximumSeriesPerDevice.flagName, help: ConfigurationKey.maximumSeriesPerDevice.help)
  var maximumSeriesPerDevice: String?

  @Option(name: ConfigurationKey.deadLetters.flagName, help: ConfigurationKey.deadLetters.help)
  var deadLetters: String?

  @Option(name: ConfigurationKey.deadLetterBytes.flagName, help: ConfigurationKey.deadLetterBytes.help)
  var deadLetterBytes: String?

  @Option(name: ConfigurationKey.maximumCommands.flagName, help: ConfigurationKey.maximumCommands.help)
  var maximumCommands: String?

  @Option(name: ConfigurationKey.maximumCommandBytes.flagName, help: ConfigurationKey.maximumCommandBytes.help)
  var maximumCommandBytes: String?

  @Option(name: ConfigurationKey.maximumRetainedMessages.flagName, help: ConfigurationKey.maximumRetainedMessages.help)
  var maximumRetainedMessages: String?

  @Option(name: ConfigurationKey.maximumRetainedBytes.flagName, help: ConfigurationKey.maximumRetainedBytes.help)
  var maximumRetainedBytes: String?

  @Option(
    name: ConfigurationKey.maximumSubscriptionsPerClient.flagName,
    help: ConfigurationKey.maximumSubscriptionsPerClient.help)
  var maximumSubscriptionsPerClient: String?

  @Option(name: ConfigurationKey.maximumSessions.flagName, help: ConfigurationKey.maximumSessions.help)
  var maximumSessions: String?

  @Option(name: ConfigurationKey.sessionQueueMessages.flagName, help: ConfigurationKey.sessionQueueMessages.help)
  var sessionQueueMessages: String?

  @Option(name: ConfigurationKey.sessionQueueBytes.flagName, help: ConfigurationKey.sessionQueueBytes.help)
  var sessionQueueBytes: String?

  @Option(name: ConfigurationKey.connectionOutputBytes.flagName, help: ConfigurationKey.connectionOutputBytes.help)
  var connectionOutputBytes: String?

  @Option(name: ConfigurationKey.totalOutputBytes.flagName, help: ConfigurationKey.totalOutputBytes.help)
  var totalOutputBytes: String?

  @Option(name: ConfigurationKey.totalInputBytes.flagName, help: ConfigurationKey.totalInputBytes.help)
  var totalInputBytes: String?

  @Option(name: ConfigurationKey.totalStateBytes.flagName, help: ConfigurationKey.totalStateBytes.help)
  var totalStateBytes: String?

  var values: [(key: ConfigurationKey, text: String?)] {
    [
      (.maximumDevices, maximumDevices),
      (.maximumSeries, maximumSeries),
      (.maximumSeriesPerDevice, maximumSeriesPerDevice),
      (.deadLetters, deadLetters),
      (.deadLetterBytes, deadLetterBytes),
      (.maximumCommands, maximumCommands),
      (.maximumCommandBytes, maximumCommandBytes),
      (.maximumRetainedMessages, maximumRetainedMessages),
      (.maximumRetainedBytes, maximumRetainedBytes),
      (.maximumSubscriptionsPerClient, maximumSubscriptionsPerClient),
      (.maximumSessions, maximumSessions),
      (.sessionQueueMessages, sessionQueueMessages),
      (.sessionQueueBytes, sessionQueueBytes),
      (.connectionOutputBytes, connectionOutputBytes),
      (.totalOutputBytes, totalOutputBytes),
      (.totalInputBytes, totalInputBytes),
      (.totalStateBytes, totalStateBytes),
    ]
  }
}
