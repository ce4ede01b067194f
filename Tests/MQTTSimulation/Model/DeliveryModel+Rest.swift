import MQTTBroker
import MQTTProtocol

extension DeliveryModel {
  /// What must be true when every client is back, has read everything, and nothing moves any more.
  ///
  /// - Parameter statistics: what the server says its limits have cost.
  func checkRest(_ statistics: BrokerStatistics) {
    let dropped = statistics.dropped
    if lostSessions > statistics.sessionsEvicted {
      return fail(
        "[MQTT-3.2.2-2]", expected: "\(statistics.sessionsEvicted) sessions to be lost", got: "\(lostSessions)")
    }
    var missing = 0
    var firstMissing: (String, String)?
    for case .some(let session) in newest where session.endedAt == nil {
      guard let connection = session.connection else { continue }
      if let exchange = session.inflight.first(where: { !$0.mayBeGone }) {
        let name = exchange.message?.name ?? "a clear"
        return fail(
          "[MQTT-4.4.0-1]", expected: "\(name) to be done with at \(connection.name)",
          got: "packet identifier \(exchange.packetIdentifier) is open")
      }
      if let owed = connection.owed.first {
        return fail("4.3", expected: "\(owed.message.name) to be acknowledged to \(connection.name)", got: "nothing")
      }
      if !connection.owedSubacks.isEmpty || !connection.owedPubcomps.isEmpty || connection.owedPings > 0 {
        return fail("2.2.1", expected: "every request of \(connection.name) to be answered", got: "nothing")
      }
      for expectation in session.expectations where isMissing(expectation, session) {
        // A slow reader may lose those [MQTT-4.3.1-1].
        if expectation.qos == .atMostOnce, dropped.slowReader > 0 { continue }
        missing += 1
        firstMissing =
          firstMissing ?? (
            "\(expectation.message.name) at \(expectation.qos) on \(expectation.message.topic) to \(connection.name)"
              + " by \(expectation.filter)" + (expectation.isRetained ? ", retained" : ""),
            "nothing"
          )
      }
    }
    let lost = dropped.queueFull + dropped.totalFull + dropped.mailboxFull + dropped.slowReader
    let room = allowsLoss ? lost : 0
    if missing > room, let (expected, got) = firstMissing {
      fail("[MQTT-4.3.2-1]", expected: expected, got: got + ", \(missing) missing, \(dropped)")
    } else if !allowsLoss, lost > dropped.slowReader {
      fail("limits", expected: "no loss", got: "\(dropped)")
    }
  }

  /// Whether nothing is owed to anyone.
  var isComplete: Bool {
    newest.allSatisfy { session in
      guard let session, session.endedAt == nil else { return true }
      return !session.expectations.contains { isMissing($0, session) }
    }
  }

  private func isMissing(_ expectation: ModelSession.Expectation, _ session: ModelSession) -> Bool {
    let message = expectation.message
    let tally = session.tallies[message.id] ?? ModelSession.Tally()
    // One that was published again meanwhile came by the subscription.
    let isThere =
      expectation.isRetained && message.acceptances.count == 1 ? tally.receivedWithRetain > 0 : tally.received > 0
    if isThere || message.isDoubtful || message.mayHaveExpired(at: now) { return false }
    // Who takes its time gets what is retained by then.
    if expectation.isRetained, message.mayBeReplaced || expectation.subscription?.endRequested != nil { return false }
    if let connection = expectation.connection, connection !== session.connection || connection.isEnded { return false }
    // A message that is too large for its client is not sent to it [MQTT-3.1.2-25].
    if Self.size(of: message) > session.smallestPacketLimit {
      return false
    }
    return true
  }

  /// Bytes of its PUBLISH, at most.
  static func size(of message: ModelMessage) -> Int {
    message.topic.utf8.count + message.payload.count + Properties(message.properties).encodedRaw().count + 40
  }

  /// Subscriptions of all sessions: some were asked for, or ended, without an answer.
  var subscriptionCount: ClosedRange<Int> {
    var least = 0
    var most = 0
    for case .some(let session) in newest where session.endedAt == nil {
      let open = session.subscriptions.filter { $0.ended == nil }
      most += Set(open.map(\.filter)).count
      least += Set(open.filter { $0.granted != nil && $0.endRequested == nil }.map(\.filter)).count
    }
    return least...most
  }

  /// Everything left behind by connections that are gone has been settled.
  func settleAll() {
    settleWills()
    settleRetained()
  }
}
