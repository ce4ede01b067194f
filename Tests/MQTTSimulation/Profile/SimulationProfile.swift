package import MQTTBroker

/// What kind of world a seed makes.
package struct SimulationProfile: Sendable {
  package let features: SimulationFeatures
  package var clientCount: Int
  package var shardCount: Int
  package var limits: BrokerLimits
  /// Whether limits may cost messages; what they cost must then be counted.
  package var allowsLoss: Bool
  /// Whether retained messages may be refused for want of room.
  package var limitsRetained: Bool
  /// Voluntary acts of all clients together before the world comes to rest.
  var actions: Int
  /// Milliseconds between two acts of one client, at most.
  var maximumPause: Int
  /// Milliseconds that bytes travel, at most.
  var maximumDelay: Int
  /// Percent of arrivals that bring only a part of what is on its way.
  var tearPercent: Int
  /// Bytes that a connection's socket takes before it is full.
  var socketWindow: Int
  /// Bytes that leave the server's buffer at once.
  var socketPiece: Int
  /// Milliseconds from a record to its commit, at most.
  var commitDelay: Int
  /// How often the hub dies.
  var restarts = 0
  /// Percent of reads whose acknowledgements wait for a commit.
  var durablePercent: Int
  /// Milliseconds until a woken event loop looks into its mailbox, at most.
  var mailboxDelay: Int
  var topics: [String]
  var filters: [String]
  var groups: [String]
  /// Bytes that pad a payload, at most.
  var maximumPadding: Int
  var weights: ActionWeights
}

extension SimulationProfile {
  /// A line for the trace: what is not as usual.
  var summary: String {
    let usual = BrokerLimits()
    let numbers: [(String, Int, Int)] = [
      ("clients", clientCount, 0), ("shards", shardCount, 0), ("delay", maximumDelay, 0), ("tear", tearPercent, 0),
      ("window", socketWindow, 0), ("piece", socketPiece, 0), ("commit", commitDelay, 0),
      ("durable", durablePercent, 0), ("mailbox", mailboxDelay, 0),
      ("maximumInflight", Int(limits.maximumInflight), Int(usual.maximumInflight)),
      ("receiveMaximum", Int(limits.receiveMaximum), Int(usual.receiveMaximum)),
      ("sessionQueueMessages", limits.sessionQueueMessages, 100_000),
      ("sessionQueueBytes", limits.sessionQueueBytes, usual.sessionQueueBytes),
      ("connectionOutputBytes", limits.connectionOutputBytes, usual.connectionOutputBytes),
      ("totalOutputBytes", limits.totalOutputBytes, usual.totalOutputBytes),
      ("totalStateBytes", limits.totalStateBytes, usual.totalStateBytes),
      ("maximumMailboxMessages", limits.maximumMailboxMessages, usual.maximumMailboxMessages),
      ("maximumMailboxBytes", limits.maximumMailboxBytes, usual.maximumMailboxBytes),
      ("maximumRetainedMessages", limits.maximumRetainedMessages, usual.maximumRetainedMessages),
      ("maximumSubscriptionsPerClient", limits.maximumSubscriptionsPerClient, usual.maximumSubscriptionsPerClient),
      ("retainedStepsPerEvent", limits.retainedStepsPerEvent, usual.retainedStepsPerEvent),
      ("maximumInternedTopics", limits.maximumInternedTopics, usual.maximumInternedTopics),
      ("maximumCachedRouteTargets", limits.maximumCachedRouteTargets, usual.maximumCachedRouteTargets),
    ]
    let unusual = numbers.filter { $0.1 != $0.2 }.map { "\($0.0) \($0.1)" }
    return (allowsLoss ? "with loss: " : "without loss: ") + unusual.joined(separator: ", ")
  }
}

/// How likely each act of a client is; `ClientAction` in its order.
struct ActionWeights: Sendable {
  var publish = 44
  var publishBurst = 6
  var subscribe = 16
  var unsubscribe = 5
  var disconnect = 5
  var closeAbruptly = 4
  var cutNetwork = 3
  var takeOver = 3
  var stopReading = 3
  var holdAcknowledgements = 4
  var ping = 2
}
