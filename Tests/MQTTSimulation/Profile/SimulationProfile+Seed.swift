import MQTTBroker

extension SimulationProfile {
  /// The world of a seed.
  init(features: SimulationFeatures, random: inout SimulationRandom) {
    let topics = ["a", "a/b", "a/b/c", "a/c", "b", "b/", "/a", "x//y", "x/y", "ü/ß"]
    let filters = [
      "a", "a/b", "a/b/c", "#", "a/#", "+", "a/+", "+/b", "+/+", "a/+/c", "/+", "x/+/y", "x/#", "b/#", "+/ß", "b/",
    ]
    let topicCount = random.number(2...topics.count)
    self.init(
      features: features,
      clientCount: random.chance(80) ? random.number(2...6) : random.number(7...12),
      shardCount: random.number(1...3),
      limits: BrokerLimits(),
      allowsLoss: false,
      limitsRetained: false,
      actions: random.number(random.pick([10...50, 10...50, 10...50, 50...120])) * (random.chance(5) ? 4 : 1),
      maximumPause: random.pick([20, 200, 1_500]),
      maximumDelay: random.pick([0, 5, 40, 200]),
      tearPercent: random.pick([0, 20, 60]),
      socketWindow: random.pick([200, 2_000, 65_536]),
      socketPiece: random.pick([64, 65_536]),
      commitDelay: random.pick([0, 3, 30, 800]),
      durablePercent: random.pick([0, 50, 100]),
      mailboxDelay: random.pick([0, 2, 50]),
      topics: Array(topics.prefix(topicCount)),
      filters: filters,
      groups: random.chance(50) ? ["g"] : ["g", "h"],
      maximumPadding: random.pick([0, 60, 600]),
      weights: ActionWeights())
    varyWeights(&random)
    squeezeWithoutLoss(&random)
    if features.contains(.restarts) {
      restarts = random.number(1...6)
    } else if features.contains(.tightLimits), random.chance(30) {
      tighten(&random)
    }
    if !features.contains(.faults) {
      weights.closeAbruptly = 0
      weights.cutNetwork = 0
      weights.takeOver = 0
      weights.stopReading = 0
    }
  }

  /// Some worlds do mostly one thing: that is where rare orders come from.
  private mutating func varyWeights(_ random: inout SimulationRandom) {
    switch random.below(6) {
    case 0: weights.subscribe = 40
    case 1:
      weights.closeAbruptly = 12
      weights.cutNetwork = 8
      weights.takeOver = 12
    case 2:
      weights.stopReading = 12
      weights.publishBurst = 20
    case 3: weights.holdAcknowledgements = 15
    default: break
    }
  }

  /// Limits that make things slower, or wait, but may lose nothing.
  private mutating func squeezeWithoutLoss(_ random: inout SimulationRandom) {
    if random.chance(30) {
      limits.maximumInternedTopics = random.number(1...3)
      limits.deliveriesPerTurn = limits.maximumInternedTopics
    }
    if random.chance(30) { limits.maximumCachedRouteTargets = random.number(0...4) }
    if random.chance(40) { limits.maximumInflight = UInt16(random.number(1...4)) }
    if random.chance(40) { limits.receiveMaximum = UInt16(random.number(1...4)) }
    if random.chance(20) { limits.maximumInternedTopicBytes = 2 }
    // A slow reader loses QoS 0 only.
    if random.chance(30) { limits.connectionOutputBytes = random.number(100...2_000) }
    limits.sessionQueueMessages = 100_000
    if random.chance(20) { limits.maximumKeepAlive = UInt16(random.number(5...20)) }
    // From a copy, so that worlds which showed something once stay as they were otherwise.
    var apart = random
    if apart.chance(30) { limits.retainedStepsPerEvent = apart.number(1...8) }
  }

  /// Limits that are reached: messages are lost to them, and each loss is counted.
  private mutating func tighten(_ random: inout SimulationRandom) {
    allowsLoss = true
    if random.chance(50) { limits.sessionQueueMessages = random.number(1...6) }
    if random.chance(30) { limits.sessionQueueBytes = random.number(300...2_000) }
    if random.chance(30) { limits.totalOutputBytes = random.number(500...4_000) }
    if random.chance(30) {
      limits.maximumMailboxMessages = random.number(1...5)
      limits.maximumMailboxBytes = 300 * limits.maximumMailboxMessages
    }
    if random.chance(30) {
      limits.maximumRetainedMessages = random.number(1...3)
      limitsRetained = true
    }
    if random.chance(30) { limits.maximumSubscriptionsPerClient = random.number(1...4) }
    if random.chance(20) {
      limits.totalStateBytes = random.number(2_000...10_000)
      // A publish that sets an alias may be refused with its connection.
      limitsRetained = true
    }
  }
}
