import ArgumentParser

/// The options of `[limits]`.
struct LimitsOptions: ConfigurationOptions {
  @Option(.maximumDevices) var maximumDevices: String?
  @Option(.maximumSeries) var maximumSeries: String?
  @Option(.maximumSeriesPerDevice) var maximumSeriesPerDevice: String?
  @Option(.deadLetters) var deadLetters: String?
  @Option(.deadLetterBytes) var deadLetterBytes: String?
  @Option(.maximumCommands) var maximumCommands: String?
  @Option(.maximumCommandBytes) var maximumCommandBytes: String?
  @Option(.maximumRetainedMessages) var maximumRetainedMessages: String?
  @Option(.maximumRetainedBytes) var maximumRetainedBytes: String?
  @Option(.maximumSubscriptionsPerClient) var maximumSubscriptionsPerClient: String?
  @Option(.maximumSessions) var maximumSessions: String?
  @Option(.sessionQueueMessages) var sessionQueueMessages: String?
  @Option(.sessionQueueBytes) var sessionQueueBytes: String?
  @Option(.connectionOutputBytes) var connectionOutputBytes: String?
  @Option(.totalOutputBytes) var totalOutputBytes: String?
  @Option(.totalInputBytes) var totalInputBytes: String?
  @Option(.totalStateBytes) var totalStateBytes: String?

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
