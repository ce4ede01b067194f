import MQTTProtocol

@testable import MQTTBroker

/// The totals against what there is. Only where nothing is under way.
extension AccountedWorld {
  /// What does not agree; nil where all does.
  func recount() -> String? {
    let sessions = network.shards.flatMap { $0.sessions.compactMap { $0 } }
    let connections = network.shards.flatMap { $0.connections.compactMap { $0 } }
    let problems =
      differences(sessions, connections) + unfinished() + misplaced() + retained() + sessions.flatMap(problems)
      + subscriptionTree(sessions) + names(sessions)
    return problems.isEmpty ? nil : problems.joined(separator: "; ")
  }

  private func differences(_ sessions: [ClientSession], _ connections: [ClientConnection]) -> [String] {
    let (broker, memory, statistics) = (network.broker, network.broker.memory, network.broker.statistics)
    let system = sessions.reduce(0) { $0 + $1.subscriptions.keys.count { BrokerShard.isOfSystem($0) } }
    let shared = sessions.reduce(0) { $0 + $1.subscriptions.values.count { $0.share != nil } }
    let kept = sessions.reduce(0) { $0 + $1.keptBytes }
    let totals: [(String, Int, Int)] = [
      ("memory.queuedBytes", memory.queuedBytes, kept),
      ("memory.heldBytes", memory.heldBytes, 0),
      ("memory.stateBytes", memory.stateBytes, stateBytes(sessions, connections)),
      ("sessions", statistics.sessions, sessions.count),
      ("sessionCount", broker.sessionCount, sessions.count),
      ("sessionsConnected", statistics.sessionsConnected, sessions.count { $0.connection != nil }),
      ("connections", statistics.connections, connections.count),
      ("connectionCount", broker.connectionCount, connections.count),
      ("subscriptions", statistics.subscriptions, sessions.reduce(0) { $0 + $1.subscriptions.count }),
      ("sharedSubscriptions", statistics.sharedSubscriptions, shared),
      ("queuedMessages", statistics.queuedMessages, sessions.reduce(0) { $0 + $1.outbound.queuedCount }),
      ("queuedBytes", statistics.queuedBytes, kept),
      ("hasSystemSubscribers", broker.hasSystemSubscribers ? 1 : 0, system > 0 ? 1 : 0),
    ]
    return totals.filter { $0.1 != $0.2 }.map { "\($0.0) is \($0.1), recounted \($0.2)" }
  }

  private func stateBytes(_ sessions: [ClientSession], _ connections: [ClientConnection]) -> Int {
    let ofSessions = sessions.reduce(0) { sum, session in
      sum + session.willBytes + InboundFlow.bytesOfExchange * session.inbound.openCount
        + session.retainedWalks.byteCount
        + session.subscriptions.keys.reduce(0) { $0 + BrokerShard.stateBytes(of: $1) }
    }
    return connections.reduce(ofSessions) {
      $0 + $1.inboundAliases.byteCount + $1.outboundAliases.byteCount + ($1.request?.willBytes ?? 0)
    }
  }

  private func problems(of session: ClientSession) -> [String] {
    var problems: [String] = []
    if session.accountedBytes != session.keptBytes {
      problems.append("accounted \(session.accountedBytes), keeps \(session.keptBytes)")
    }
    if session.willBytes != 0, session.will == nil { problems.append("will bytes without a will") }
    if session.connection == nil, session.expiresAt == nil, session.expiryInterval != ClientSession.neverExpires {
      problems.append("away for ever")
    }
    let walks = session.subscriptions.compactMap { $0.value.share == nil ? session.retainedWalks[$0.key] : nil }
    if walks.count != session.retainedWalks.count { problems.append("a walk without its subscription") }
    if walks.reduce(0, { $0 + $1.byteCount }) != session.retainedWalks.byteCount
      || walks.reduce(0, { $0 + $1.placeBytes }) != session.retainedWalks.placeBytes
    {
      problems.append("walks of \(session.retainedWalks.byteCount) bytes")
    }
    return problems.map { "\(session.clientIdentifier): \($0)" }
  }

  private func unfinished() -> [String] {
    network.shards.flatMap { shard in
      [
        ("departures", shard.departures.isEmpty), ("arrivals", shard.arrivals.isEmpty),
        ("awaited", shard.awaited.isEmpty), ("held effects", shard.heldEffects.isEmpty),
        ("turns", shard.awaitingTurn.isEmpty), ("condemned", shard.condemned.isEmpty),
      ].filter { !$0.1 }.map { "\($0.0) at rest" }
    }
  }

  private func misplaced() -> [String] {
    network.shards.flatMap { shard in
      shard.sessions.enumerated().flatMap { slot, session -> [String] in
        guard let session else { return [] }
        let subscriber = session.subscriber
        var problems: [String] = []
        if session.slot != slot || subscriber.shard != shard.index || subscriber.slot != slot {
          problems.append("\(session.clientIdentifier) is out of place")
        }
        if subscriber.isConnected != (session.connection?.isConnected ?? false) {
          problems.append("\(session.clientIdentifier) is connected: \(subscriber.isConnected)")
        }
        return problems
      }
    }
  }

  private func retained() -> [String] {
    let usage = network.broker.retainedUsage
    let messages = network.broker.currentRetained().all(matching: [.multiLevelWildcard], steps: .max).map(\.message)
    let bytes = messages.reduce(0) {
      $0 + $1.byteCount + Broker.treeBytes(levels: SubscriptionTree.levels(of: $1.topic).count)
    }
    return usage == (messages.count, bytes) ? [] : ["retained \(usage), recounted \((messages.count, bytes))"]
  }

  private func subscriptionTree(_ sessions: [ClientSession]) -> [String] {
    let tree = network.broker.currentSubscriptions().tree
    var problems: [String] = []
    for session in sessions {
      for (key, entry) in session.subscriptions {
        let own = tree.value(at: SubscriptionTree.levels(of: key))?.own
        let isThere =
          entry.share.map { tree.members(of: $0).contains { $0.subscriber.id == session.id } }
          ?? own?.contains { $0.key == session.id } ?? false
        if !isThere { problems.append("\(session.clientIdentifier) is not in the tree") }
      }
    }
    if !tree.isEmpty, sessions.allSatisfy(\.subscriptions.isEmpty) { problems.append("the tree has somebody") }
    return problems
  }

  private func names(_ sessions: [ClientSession]) -> [String] {
    Self.names.compactMap { name in
      let count = sessions.count { $0.clientIdentifier == name }
      let isClaimed = network.broker.hasClaim(to: name)
      return count == (isClaimed ? 1 : 0) ? nil : "\(count) sessions of \(name), claimed: \(isClaimed)"
    }
  }
}
