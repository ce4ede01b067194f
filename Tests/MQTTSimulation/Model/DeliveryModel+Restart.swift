import MQTTProtocol

/// The end of the hub itself: what it had said holds, what it had not is not certain.
extension DeliveryModel {
  /// Everything so far is on disk.
  func becameDurable() {
    durableStep = step
    durableRetained = retained
    recentlyRetained = [:]
    cancelledWills = []
  }

  /// The hub died, and goes on in the same moment from what is on disk.
  func hubDied() {
    let step = advance()
    deaths += 1
    for connection in connections where !connection.isEnded {
      if connection.connect != nil, !connection.isAccepted { isUncertain[connection.client] = true }
      if let will = connection.will {
        connection.will = nil
        doubt(will, step)
      }
      ended(connection, step)
    }
    for pending in pendingWills { doubt(pending.message, step) }
    pendingWills = []
    let doubted = doubtedWills.filter { $0.until + 3_000 > now }
    doubtedWills = []
    for (will, _) in doubted { doubt(will, step) }
    for will in cancelledWills {
      will.isCancelled = false
      doubt(will, step)
    }
    cancelledWills = []
    for session in sessions where session.endedAt == nil {
      session.deaths += 1
      session.lastOrder = [:]
      if session.leftStep > durableStep {
        session.disconnectedLatest = now
        if session.hasChangedExpiry { isUncertain[session.client] = true }
      }
      for place in session.inflight.indices {
        session.inflight[place].mayBeAgain = true
        if session.inflight[place].qos == .atLeastOnce { session.inflight[place].mayBeGone = true }
      }
    }
    for name in retainedNames { doubtRetained(name) }
    for (will, until) in doubtedWills where will.retain {
      beginRetained(will)
      retained[will.topic]?.abandoned.append((will, until))
    }
    becameDurable()
  }

  /// Milliseconds after the hub's death in which a will comes: the longest delay.
  private static let longestWillDelay: Int64 = 10_000

  /// A will may be published from now on, or may have been.
  private func doubt(_ will: ModelMessage, _ step: Int) {
    will.isDoubtful = true
    let until = now + Self.longestWillDelay + 3_000
    will.acceptances.append(.init(step: step, time: until, routed: nil))
    will.notBefore = min(will.notBefore ?? now, now)
    if !doubtedWills.contains(where: { $0.will === will }) { doubtedWills.append((will, until)) }
  }

  /// What was not on disk yet may have been retained, or what it replaced may be there again.
  private func doubtRetained(_ name: String) {
    guard var topic = retained[name] else { return }
    let durable = durableRetained[name] ?? RetainedTopic()
    guard topic.changes != durable.changes || !topic.pending.isEmpty || !durable.pending.isEmpty else { return }
    var possible: [ModelMessage?] = []
    for message in topic.possible + topic.pending + durable.possible + durable.pending
      + (recentlyRetained[name] ?? [])
    where !possible.contains(where: { $0 === message }) {
      message?.retainedUntil = nil
      message?.mayBeReplaced = true
      possible.append(message)
    }
    topic.possible = possible
    topic.pending = []
    topic.abandoned = []
    topic.changes += 1
    retained[name] = topic
  }
}
