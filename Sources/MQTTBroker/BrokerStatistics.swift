/// What the broker has done since it started, and what it holds. Each event loop counts its own in plain integers.
package struct BrokerStatistics: Sendable {
  package var connections = 0
  package var connectionsTotal = 0
  package var connectionsRefused = 0
  package var takeOvers = 0
  package var keepAliveTimeouts = 0
  package var protocolErrors = 0
  package var subscriptions = 0
  package var subscriptionsRefused = 0
  /// PUBLISH packets from clients, by QoS.
  package var received = ByQoS()
  /// PUBLISH packets to clients, by QoS.
  package var sent = ByQoS()
  /// Messages that a limit kept from a subscriber.
  package var messagesDropped = 0
  package var publishesRefused = 0
  package var bytesReceived = 0
  package var bytesSent = 0

  package struct ByQoS: Sendable {
    package var qos0 = 0
    package var qos1 = 0
    package var qos2 = 0
  }

  package init() {}

  static func += (sum: inout BrokerStatistics, other: BrokerStatistics) {
    sum.connections += other.connections
    sum.connectionsTotal += other.connectionsTotal
    sum.connectionsRefused += other.connectionsRefused
    sum.takeOvers += other.takeOvers
    sum.keepAliveTimeouts += other.keepAliveTimeouts
    sum.protocolErrors += other.protocolErrors
    sum.subscriptions += other.subscriptions
    sum.subscriptionsRefused += other.subscriptionsRefused
    sum.received += other.received
    sum.sent += other.sent
    sum.messagesDropped += other.messagesDropped
    sum.publishesRefused += other.publishesRefused
    sum.bytesReceived += other.bytesReceived
    sum.bytesSent += other.bytesSent
  }
}

extension BrokerStatistics.ByQoS {
  static func += (sum: inout Self, other: Self) {
    sum.qos0 += other.qos0
    sum.qos1 += other.qos1
    sum.qos2 += other.qos2
  }
}
