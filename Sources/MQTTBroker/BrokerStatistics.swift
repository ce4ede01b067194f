/// What the broker has done since it started, and what it holds. Each event loop counts its own in plain integers.
package struct BrokerStatistics: Sendable {
  package var connections = 0
  package var connectionsTotal = 0
  package var connectionsRefused = 0
  package var maximumConnectionsSeen = 0
  /// CONNECT packets, the refused ones too.
  package var connectsReceived = 0
  package var takeOvers = 0
  package var keepAliveTimeouts = 0
  /// Connections that were ended for a malformed packet or another violation of the protocol.
  package var protocolErrors = 0
  /// Sessions, with and without a connection.
  package var sessions = 0
  /// Of those, the ones with a connection.
  package var sessionsConnected = 0
  /// Sessions that ended because their client stayed away.
  package var sessionsExpired = 0
  /// Sessions that ended because memory for all clients was full and theirs was the most.
  package var sessionsEvicted = 0
  package var subscriptions = 0
  /// Of those, shared ones.
  package var sharedSubscriptions = 0
  package var subscriptionsRefused = 0
  /// Control packets of every type.
  package var packetsReceived = 0
  package var packetsSent = 0
  /// PUBLISH packets from clients, by QoS.
  package var received = ByQoS()
  /// PUBLISH packets to clients, by QoS.
  package var sent = ByQoS()
  /// Payload bytes of those.
  package var publishBytesReceived = 0
  package var publishBytesSent = 0
  /// Messages that a limit, or their size, kept from a subscriber.
  package var dropped = DroppedMessages()
  package var publishesRefused = 0
  /// Retained messages whose Message Expiry Interval passed.
  package var retainedExpired = 0
  package var bytesReceived = 0
  package var bytesSent = 0
  /// QoS 1 and 2 messages that wait for their clients, and their bytes with those in flight.
  package var queuedMessages = 0
  package var queuedBytes = 0

  package var messagesDropped: Int { dropped.total }

  package struct ByQoS: Sendable {
    package var qos0 = 0
    package var qos1 = 0
    package var qos2 = 0
  }

  /// Why messages did not reach a subscriber.
  package struct DroppedMessages: Sendable {
    /// QoS 0 for a reader that is too slow.
    package var slowReader = 0
    /// The client's queue was full.
    package var queueFull = 0
    /// All queues together were full, and the client was the biggest user.
    package var totalFull = 0
    /// Larger than the client's Maximum Packet Size.
    package var tooLarge = 0
    /// Message Expiry Interval passed while it waited.
    package var expired = 0
    /// Another event loop did not keep up.
    package var mailboxFull = 0
    /// The limit of retained messages.
    package var retainedFull = 0

    package var total: Int {
      slowReader + queueFull + totalFull + tooLarge + expired + mailboxFull + retainedFull
    }
  }

  package init() {}

  static func += (sum: inout BrokerStatistics, other: BrokerStatistics) {
    sum.connections += other.connections
    sum.connectionsTotal += other.connectionsTotal
    sum.connectionsRefused += other.connectionsRefused
    sum.maximumConnectionsSeen = max(sum.maximumConnectionsSeen, other.maximumConnectionsSeen)
    sum.connectsReceived += other.connectsReceived
    sum.takeOvers += other.takeOvers
    sum.keepAliveTimeouts += other.keepAliveTimeouts
    sum.protocolErrors += other.protocolErrors
    sum.sessions += other.sessions
    sum.sessionsConnected += other.sessionsConnected
    sum.sessionsExpired += other.sessionsExpired
    sum.sessionsEvicted += other.sessionsEvicted
    sum.subscriptions += other.subscriptions
    sum.sharedSubscriptions += other.sharedSubscriptions
    sum.subscriptionsRefused += other.subscriptionsRefused
    sum.packetsReceived += other.packetsReceived
    sum.packetsSent += other.packetsSent
    sum.received += other.received
    sum.sent += other.sent
    sum.retainedExpired += other.retainedExpired
    sum.publishBytesReceived += other.publishBytesReceived
    sum.publishBytesSent += other.publishBytesSent
    sum.dropped += other.dropped
    sum.publishesRefused += other.publishesRefused
    sum.bytesReceived += other.bytesReceived
    sum.bytesSent += other.bytesSent
    sum.queuedMessages += other.queuedMessages
    sum.queuedBytes += other.queuedBytes
  }
}

extension BrokerStatistics.ByQoS {
  package var total: Int { qos0 + qos1 + qos2 }

  static func += (sum: inout Self, other: Self) {
    sum.qos0 += other.qos0
    sum.qos1 += other.qos1
    sum.qos2 += other.qos2
  }
}

extension BrokerStatistics.DroppedMessages {
  static func += (sum: inout Self, other: Self) {
    sum.slowReader += other.slowReader
    sum.queueFull += other.queueFull
    sum.totalFull += other.totalFull
    sum.tooLarge += other.tooLarge
    sum.expired += other.expired
    sum.mailboxFull += other.mailboxFull
    sum.retainedFull += other.retainedFull
  }
}
