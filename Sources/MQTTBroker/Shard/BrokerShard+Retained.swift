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
      if walk.isEmpty, canTake(message, by: entry, connection, session, at: time) {
        deliverRetained(message, to: connection, session, entry, at: time)
      } else if broker.memory.isOutputFull(with: walk.byteCount + RetainedWalk.bytes(of: message.topic)) {
        statistics.dropped.totalFull += 1
      } else {
        walk.append(message.topic)
      }
      return true
    }
    account(session)
    guard !walk.isEmpty else { return }
    session.retainedWalks.append(walk)
    account(session)
  }

  /// Writes more of what was put off; false where the client takes no more for now.
  func continueRetained(_ connection: ClientConnection, _ session: ClientSession, at time: BrokerTime) -> Bool {
    guard !session.retainedWalks.isEmpty else { return true }
    let tree = broker.currentRetained()
    while let walk = session.retainedWalks.first {
      guard let topic = walk.topics.first else {
        session.retainedWalks.removeFirst()
        continue
      }
      guard let retained = tree.value(at: SubscriptionTree.levels(of: topic)), walk.brings(retained) else {
        session.retainedWalks[0].removeFirst()
        continue
      }
      guard mayBeKept(retained.message, by: walk.entry, session) else {
        statistics.dropped.queueFull += 1
        session.retainedWalks[0].removeFirst()
        continue
      }
      guard canTake(retained.message, by: walk.entry, connection, session, at: time) else { return false }
      // Making room for it may have dropped it.
      guard session.retainedWalks.first?.topics.first == topic else { continue }
      session.retainedWalks[0].removeFirst()
      deliverRetained(retained.message, to: connection, session, walk.entry, at: time)
    }
    return true
  }

  /// False for a message that is larger than all that may be kept for a client: it would wait for ever.
  private func mayBeKept(_ message: StoredMessage, by entry: SubscriptionEntry, _ session: ClientSession) -> Bool {
    !session.isPersistent || min(message.qos, entry.qos) == .atMostOnce
      || message.byteCount <= limits.sessionQueueBytes
  }

  private func canTake(
    _ message: StoredMessage, by entry: SubscriptionEntry, _ connection: ClientConnection, _ session: ClientSession,
    at time: BrokerTime
  ) -> Bool {
    guard session.outbound.hasWindow, !isBlocked(connection) else { return false }
    return min(message.qos, entry.qos) == .atMostOnce || hasRoomToKeep(message.byteCount, session, at: time)
  }

  /// RETAIN is set [MQTT-3.3.1-8].
  private func deliverRetained(
    _ message: StoredMessage, to connection: ClientConnection, _ session: ClientSession, _ entry: SubscriptionEntry,
    at time: BrokerTime
  ) {
    if message.isExpired(at: time) || (entry.noLocal && entry.subscriber.isPublisher(of: message)) { return }
    let queued = OutboundFlow.Queued(
      message: message, qos: min(message.qos, entry.qos), retain: true,
      identifiers: entry.identifier == 0 ? [] : [entry.identifier], isByMe: entry.isByMe, receipt: nil)
    write(queued, again: nil, to: connection, session, at: time)
  }
}
