import MQTTProtocol

/// Shared subscriptions (MQTT 5.0 §4.8.2): each message to one member of each group.
extension DeliveryModel {
  /// Looks at every message that groups may have got, when all is at rest.
  func checkGroups() {
    guard !allowsLoss else { return }
    let all = allGroups
    guard !all.isEmpty else { return }
    for message in messages where !message.isClear && !message.isCancelled && !message.isDoubtful {
      let groups = all.filter { topics.matches($0.topicFilter, message.topic) }
      let acceptances = message.acceptances.filter { !$0.isRefused }
      guard !groups.isEmpty, !acceptances.isEmpty else { continue }
      checkMost(message, acceptances, groups)
      if let only = acceptances.first, acceptances.count == 1, !message.mayHaveExpired(at: now) {
        checkLeast(message, only, groups)
      }
    }
  }

  private struct Group {
    let name: String
    let topicFilter: String
    var members: [(session: ModelSession, subscription: ModelSubscription)] = []
  }

  /// The groups of all sessions that ever were.
  private var allGroups: [Group] {
    var groups: [Group] = []
    for session in sessions {
      for subscription in session.subscriptions {
        guard let name = subscription.group else { continue }
        if let place = groups.firstIndex(where: { $0.name == name }) {
          groups[place].members.append((session, subscription))
        } else {
          groups.append(
            Group(name: name, topicFilter: subscription.topicFilter, members: [(session, subscription)]))
        }
      }
    }
    return groups
  }

  /// Not more often than there are plain subscribers and groups; once more for each member that went away.
  private func checkMost(_ message: ModelMessage, _ acceptances: [ModelMessage.Acceptance], _ groups: [Group]) {
    var most = 0
    var written = 0
    var hasGroup = false
    for session in sessions {
      let tally = session.tallies[message.id] ?? ModelSession.Tally()
      written += tally.live
      for acceptance in acceptances {
        let plain = liveSubscriptions(of: session, for: message, acceptance).contains { $0.group == nil }
        most += plain ? 1 : 0
      }
    }
    for group in groups {
      let members = group.members
      for acceptance in acceptances {
        let held = members.contains { $0.1.mayHold(from: acceptance.step, to: acceptance.routed ?? step) }
        guard held else { continue }
        hasGroup = true
        let clients = Set(members.map(\.0.client))
        let ends = connections.count { clients.contains($0.client) && ($0.endedAt ?? -1) > acceptance.step }
        most += 1 + ends
      }
    }
    // What was acknowledged and not on disk when the hub died comes again, but not at QoS 2.
    let isExact =
      message.qos == .exactlyOnce
      && groups.allSatisfy { $0.members.allSatisfy { $0.subscription.qos == .exactlyOnce } }
    if !isExact { most += deaths * sessions.count }
    if hasGroup, written > most {
      fail("4.8.2", expected: "\(message.name) at most \(most) times to its groups", got: "\(written) times")
    }
  }

  /// At least one member of each group that certainly was there all the while.
  private func checkLeast(_ message: ModelMessage, _ acceptance: ModelMessage.Acceptance, _ groups: [Group]) {
    guard let routed = acceptance.routed, message.qos > .atMostOnce else { return }
    var owed = 0
    var received = 0
    for group in groups {
      let members = group.members.filter { $0.1.mayHold(from: acceptance.step, to: .max) }
      let isCertain = members.contains { $0.1.certainlyHolds(from: acceptance.step, to: routed) }
      let isSteady = members.allSatisfy { session, subscription in
        session.endedAt == nil && subscription.endRequested == nil && subscription.qos > .atMostOnce
          && Self.size(of: message) <= session.smallestPacketLimit
      }
      if isCertain && isSteady { owed += 1 }
    }
    guard owed > 0 else { return }
    var names = "groups \(owed)"
    for session in sessions {
      let live = liveSubscriptions(of: session, for: message, acceptance)
      let plain = live.filter { $0.group == nil }
      if !live.isEmpty, Self.size(of: message) > session.smallestPacketLimit { return }
      if session.endedAt != nil, !plain.isEmpty {
        // What it was owed by itself ended with it.
        if plain.count < live.count { return }
        continue
      }
      // Whoever may have got it or not says nothing about the groups.
      if !plain.isEmpty {
        guard plain.contains(where: { $0.certainlyHolds(from: acceptance.step, to: routed) && $0.qos > .atMostOnce })
        else { return }
        owed += 1
        names += ", client \(session.client) by itself"
      }
      received += min(session.tallies[message.id]?.received ?? 0, Self.liveCopies(live))
    }
    if received < owed {
      fail("4.8.2", expected: "\(message.name) \(owed) times (\(names))", got: "\(received) times")
    }
  }
}
