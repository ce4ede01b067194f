import MQTTBroker

extension SystemSnapshot {
  /// What the broker has counted and holds.
  init(_ broker: Broker, uptime: Int, heapBytes: Int?) {
    let counted = broker.statistics
    let retained = broker.retainedUsage
    self.init()
    self.uptime = uptime
    self.heapBytes = heapBytes
    clientsConnected = counted.sessionsConnected
    clientsDisconnected = counted.sessions - counted.sessionsConnected
    clientsMaximum = counted.maximumConnectionsSeen
    sessionsExpired = counted.sessionsExpired
    socketsOpened = counted.connectionsTotal
    connectsReceived = counted.connectsReceived
    packetsReceived = counted.packetsReceived
    packetsSent = counted.packetsSent
    publishesReceived = counted.received.total
    publishesSent = counted.sent.total
    publishesDropped = counted.messagesDropped
    publishBytesReceived = counted.publishBytesReceived
    publishBytesSent = counted.publishBytesSent
    bytesReceived = counted.bytesReceived
    bytesSent = counted.bytesSent
    subscriptions = counted.subscriptions
    sharedSubscriptions = counted.sharedSubscriptions
    retainedMessages = retained.count
    storedMessages = retained.count + counted.queuedMessages
    storedBytes = retained.bytes + counted.queuedBytes
  }
}

extension BrokerLimits {
  /// Bytes that a topic under `$SYS` takes at most among the retained messages.
  private static let bytesOfSystemTopic = 2_048

  /// The limits with room for the hub's own retained messages: what clients may retain stays as configured.
  var withRoomForSystemTopics: BrokerLimits {
    var limits = self
    limits.maximumRetainedMessages += SystemTopicsPublisher.topicCount
    limits.maximumRetainedBytes += SystemTopicsPublisher.topicCount * Self.bytesOfSystemTopic
    return limits
  }
}
