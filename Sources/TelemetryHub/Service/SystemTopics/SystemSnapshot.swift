/// What the hub knows of itself at one moment, as `$SYS` tells it. Counters start with the hub.
struct SystemSnapshot: Sendable, Equatable {
  /// Whole seconds since the start.
  var uptime = 0

  // MARK: Clients

  /// Sessions with a connection.
  var clientsConnected = 0
  /// Sessions that wait for their client to come back.
  var clientsDisconnected = 0
  /// The most that were connected at once.
  var clientsMaximum = 0
  /// Sessions that ended because their client stayed away for too long.
  var sessionsExpired = 0
  /// Network connections that were accepted.
  var socketsOpened = 0
  /// CONNECT packets.
  var connectsReceived = 0

  // MARK: Traffic

  /// Control packets of every type.
  var packetsReceived = 0
  var packetsSent = 0
  /// PUBLISH packets.
  var publishesReceived = 0
  var publishesSent = 0
  /// Messages that a limit kept from a subscriber.
  var publishesDropped = 0
  /// Bytes of payloads of PUBLISH packets.
  var publishBytesReceived = 0
  var publishBytesSent = 0
  /// Bytes of sockets.
  var bytesReceived = 0
  var bytesSent = 0

  // MARK: What is held

  var subscriptions = 0
  var sharedSubscriptions = 0
  var retainedMessages = 0
  /// Retained messages and those that wait in sessions.
  var storedMessages = 0
  /// Bytes of the same, as the limits of the broker count them.
  var storedBytes = 0
  /// Anonymous memory that is resident; nil where the kernel does not say.
  var heapBytes: Int?
}
