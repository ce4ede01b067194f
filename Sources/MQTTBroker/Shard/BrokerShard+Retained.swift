import DequeModule
import MQTTProtocol

/// Retained messages to new subscriptions (MQTT 5.0 §3.3.1.3).
extension BrokerShard {
  /// Writes what the client takes at once; the rest follows as it takes more, however much that is.
  func deliverRetained(
    _ all: RetainedMessages, to connection: ClientConnection, _ session: ClientSession, filter: [UInt8],
    _ entry: SubscriptionEntry, at time: BrokerTime
  ) {
    var walk = RetainedWalk(entry: entry, filter: filter, lastSerial: all.lastSerial)
    all.tree.forEachTopic(matching: SubscriptionTree.levels(of: filter)) { retained in
      let message = retained.message
      if walk.isEmpty, canTakeRetained(connection, session, at: time) {
        deliverRetained(message, to: connection, session, entry, at: time)
      } else if broker.memory.isOutputFull(with: walk.byteCount + RetainedWalk.bytes(of: message.topic)) {
        statistics.dropped.totalFull += 1
      } else {
        walk.append(message.topic)
      }
      return true
    }
    guard !walk.isEmpty else { return }
    session.retainedWalks.append(walk)
    account(session)
  }

  /// Writes more of what was put off; false where the client takes no more for now.
  func continueRetained(_ connection: ClientConnection, _ session: ClientSession, at time: BrokerTime) -> Bool {
    guard !session.retainedWalks.isEmpty else { return true }
    let tree = broker.currentRetained()
    while !session.retainedWalks.isEmpty {
      while let topic = session.retainedWalks[0].topics.first {
        guard canTakeRetained(connection, session, at: time) else { return false }
        session.retainedWalks[0].removeFirst()
        if let retained = tree.value(at: SubscriptionTree.levels(of: topic)), session.retainedWalks[0].brings(retained)
        {
          deliverRetained(retained.message, to: connection, session, session.retainedWalks[0].entry, at: time)
        }
      }
      session.retainedWalks.removeFirst()
    }
    return true
  }

  private func canTakeRetained(
    _ connection: ClientConnection, _ session: ClientSession, at time: BrokerTime
  ) -> Bool {
    session.outbound.hasWindow && !isBlocked(connection, at: time)
  }

  /// RETAIN is set [MQTT-3.3.1-8].
  private func deliverRetained(
    _ message: StoredMessage, to connection: ClientConnection, _ session: ClientSession, _ entry: SubscriptionEntry,
    at time: BrokerTime
  ) {
    if message.isExpired(at: time) || (entry.noLocal && message.publisher == entry.subscriber.id) { return }
    let queued = OutboundFlow.Queued(
      message: message, qos: min(message.qos, entry.qos), retain: true,
      identifiers: entry.identifier == 0 ? [] : [entry.identifier], isByMe: entry.isByMe, receipt: nil)
    write(queued, again: nil, to: connection, session, at: time)
  }
}
