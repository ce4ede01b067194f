import MQTTBroker
import MQTTProtocol

extension SimulatedWorld {
  /// Runs the whole life of the world.
  func run() {
    while actionsLeft > 0 {
      guard step() else { return }
    }
    trace { "faults end, everyone comes back" }
    phase = .settling
    for client in clients where client !== auditor { comeBack(client) }
    guard rest(atLeast: 22_000), checkRest() else { return }
    trace { "the auditor looks at what is retained" }
    auditor.connect(.homecoming)
    guard rest(atLeast: 100) else { return }
    auditor.request([Subscription(filter: "#", qos: .exactlyOnce)])
    guard rest(atLeast: 100), checkRest() else { return }
    leave()
  }

  private func comeBack(_ client: SimulatedClient) {
    guard let link = client.link else { return planConnect(of: client) }
    if link.isCut { return client.lost() }
    client.releaseAcknowledgements()
    resumeReading(client, link)
  }

  /// Runs until nothing moves but time; false where the model has seen what may not be.
  private func rest(atLeast milliseconds: Int64) -> Bool {
    let begin = now
    var next = begin + milliseconds
    while true {
      guard step() else { return false }
      guard now >= next else { continue }
      next = now + 100
      // What small limits hold back comes with the ticks.
      if isAtRest, model.isComplete || now > begin + milliseconds + 30_000 { return true }
      if now > begin + 400_000 {
        // Who may hold nothing more is refused again and again.
        if profile.limits.totalStateBytes < BrokerLimits().totalStateBytes { return false }
        // So is who sends itself more at once than all clients together may have waiting.
        if profile.limits.totalOutputBytes < 1_000 { return false }
        // What it is that does not come to rest, the model knows best.
        model.checkRest(statistics)
        model.fail("liveness", expected: "the world to come to rest", got: restlessness)
        return false
      }
    }
  }

  /// The broker's own, with what former runs of the hub have dropped.
  private var statistics: BrokerStatistics {
    var statistics = broker.statistics
    statistics.dropped.slowReader += formerlyDropped.slowReader
    statistics.dropped.queueFull += formerlyDropped.queueFull
    statistics.dropped.totalFull += formerlyDropped.totalFull
    statistics.dropped.mailboxFull += formerlyDropped.mailboxFull
    return statistics
  }

  var digest: UInt64 { model.digest }

  private var isAtRest: Bool { restlessness.isEmpty }

  /// What still moves.
  private var restlessness: String {
    if isServerBusy { return "the server is busy" }
    for client in clients {
      if client === auditor && client.state == .offline { continue }
      guard phase == .leaving || client.state == .connected else { return "\(client.name) is \(client.state)" }
      if !client.outgoing.isEmpty && phase != .leaving { return "\(client.name) waits for an acknowledgement" }
      if !client.pendingRequests.isEmpty { return "\(client.name) waits for an answer" }
    }
    for place in liveLinks {
      let link = links[place]
      let channel = channels[place]
      if phase == .leaving || link.isCut || link.isClientGone { return "link \(place) is open" }
      if link.up.count + link.down.count + channel.unsentCount > 0 { return "link \(place) carries something" }
      if channel.model.session?.inflight.contains(where: { !$0.mayBeGone }) == true {
        return "\(channel.model.name) has messages in flight"
      }
    }
    return ""
  }

  private func checkRest() -> Bool {
    model.settleAll()
    model.checkRest(statistics)
    model.checkGroups()
    let open = liveLinks.count
    if broker.statistics.connections != open {
      model.fail("statistics", expected: "\(open) connections", got: "\(broker.statistics.connections)")
    }
    let subscriptions = model.subscriptionCount
    if !subscriptions.contains(broker.statistics.subscriptions) {
      model.fail(
        "statistics", expected: "\(subscriptions) subscriptions", got: "\(broker.statistics.subscriptions)")
    }
    return model.failure == nil
  }

  /// Everyone leaves for good: nothing of them may be left.
  private func leave() {
    trace { "everyone leaves" }
    phase = .leaving
    let hasSessions = profile.features.contains(.sessions)
    if hasSessions {
      // In 3.1.1 a session ends by a connection with Clean Session; that of a client whom a limit has just cost its
      // connection, too.
      for client in clients where client.version != .v5 || client.state == .offline {
        client.lost()
        client.connect(.farewell)
      }
      let deadline = now + 20_000
      while clients.contains(where: { $0.state == .connecting }), now < deadline {
        guard step() else { return }
      }
    }
    for client in clients { client.leave() }
    guard rest(atLeast: 15_000) else { return }
    let memory = broker.memory
    let left = [memory.queuedBytes, memory.unsentBytes, memory.unreadBytes, memory.stateBytes]
    if left.contains(where: { $0 != 0 }) {
      model.fail("ClientMemory", expected: "nothing left", got: "queued, unsent, unread, state \(left)")
    }
    let statistics = broker.statistics
    if statistics.sessions != 0 || broker.sessionCount != 0 || statistics.queuedBytes != 0 {
      model.fail(
        "statistics", expected: "no session left",
        got: "\(statistics.sessions), \(broker.sessionCount), queued \(statistics.queuedBytes)")
    }
    let rows = database.state
    if !rows.sessions.isEmpty || !rows.deliveries.isEmpty || !rows.messages.isEmpty
      || rows.exchanges.values.contains(where: { !$0.isEmpty })
      || rows.subscriptions.values.contains(where: { !$0.isEmpty })
    {
      model.fail(
        "4.1", expected: "nothing kept of sessions that have ended",
        got: "\(rows.sessions.values), \(rows.deliveries), \(rows.messages.keys), \(rows.exchanges)")
    }
    if statistics.connections != 0 || statistics.subscriptions != 0 || sinks.contains(where: { $0.connected != 0 }) {
      model.fail(
        "statistics", expected: "no connection and no subscription left",
        got: "\(statistics.connections), \(statistics.subscriptions), \(sinks.map(\.connected)) at the sinks")
    }
  }
}
