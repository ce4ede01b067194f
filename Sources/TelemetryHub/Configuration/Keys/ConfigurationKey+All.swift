extension ConfigurationKey {
  /// Every key, in the order of the file's sections.
  static let all: [ConfigurationKey] = [
    mqttListen, mqttMaximumPacketSize, mqttConnectTimeout, mqttMaximumConnections, mqttMaximumKeepAlive,
    mqttMaximumSessionExpiry, mqttTopicAliasMaximum, mqttValidatePayloadFormat,
    mqttReceiveMaximum, mqttConnectionRate, mqttMessageRate, mqttByteRate,
    webSocketListen, webSocketAllowedOrigins, webSocketMaximumPacketSize, webSocketMaximumConnections,
    webSocketReceiveMaximum, webSocketConnectionRate, webSocketMessageRate, webSocketByteRate,
    httpListen, httpAllowedHosts, httpAdminSocket, httpMaximumConnections, httpMaximumBody,
    dataDirectory, memory, disk, retention, retention1m, retention1h, commitInterval, pendingCommitBytes, journal,
    authMode,
    maximumDevices, maximumSeries, maximumSeriesPerDevice, deadLetters, deadLetterBytes, maximumCommands,
    maximumCommandBytes, maximumRetainedMessages, maximumRetainedBytes, maximumSubscriptionsPerClient,
    maximumSessions, sessionQueueMessages,
    sessionQueueBytes, connectionOutputBytes, totalOutputBytes, totalInputBytes, totalStateBytes,
    logLevel, logFormat,
  ]

  /// The keys of one section, in order.
  static func keys(in section: ConfigurationSection) -> [ConfigurationKey] {
    all.filter { $0.section == section }
  }

  /// The default as one would write it in a flag.
  var defaultText: String { text(HubConfiguration()) }
}
