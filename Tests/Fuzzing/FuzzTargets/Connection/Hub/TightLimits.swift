import MQTTBroker

/// Limits that a short input reaches.
enum TightLimits {
  static func choose(_ input: inout FuzzInput) -> BrokerLimits {
    var limits = BrokerLimits()
    limits.maximumPacketSize = input.pick([512, 128, 4_096])
    limits.maximumConnections = 9
    limits.maximumClientIdentifierBytes = 24
    limits.receiveMaximum = input.pick([2, 1, 20])
    limits.maximumInflight = input.pick([2, 1, 20])
    limits.sessionQueueMessages = 4
    limits.sessionQueueBytes = 900
    limits.connectionOutputBytes = 400
    limits.totalOutputBytes = input.pick([1_500, 300, 100_000])
    limits.totalInputBytes = 600
    limits.totalStateBytes = input.pick([4_000, 1_000, 100_000])
    limits.maximumSubscriptionsPerClient = 4
    limits.maximumTopicLevels = 6
    limits.maximumRetainedMessages = 3
    limits.maximumRetainedBytes = 2_000
    limits.maximumInternedTopics = 3
    limits.maximumCachedRouteTargets = 3
    limits.maximumMailboxMessages = input.pick([6, 100])
    limits.maximumMailboxBytes = 100 * limits.maximumMailboxMessages
    limits.deliveriesPerTurn = 3
    limits.maximumInternedTopicBytes = 24
    limits.maximumKeepAlive = input.pick([65_535, 30])
    return limits
  }
}
