import DequeModule
import MQTTProtocol

/// Retained messages to new subscriptions (MQTT 5.0 §3.3.1.3), a bounded number of steps an event: who has more to come
/// waits for its turn among all clients of the loop.
extension BrokerShard {
  /// Bytes of a message that take as long as one step.
  private static let bytesOfStep = 512

  private enum Outcome {
    case ended
    /// The client takes no more for now.
    case isBlocked
    case outOfSteps
  }

  /// Begins to bring what new subscriptions are owed.
  func beginRetained(
    _ changes: [Broker.SubscriptionChange], to connection: ClientConnection, _ session: ClientSession,
    at time: BrokerTime
  ) {
    guard changes.contains(where: \.wantsRetained) else { return }
    let tree = broker.currentRetained()
    for change in changes where change.wantsRetained {
      var walk = RetainedWalk(entry: change.entry, filter: change.filter, lastSerial: change.lastSerial)
      if session.retainedWalks.isEmpty, !connection.isAwaitingTurn {
        // Most bring little or nothing, and then nothing is kept of them.
        let outcome = bring(&walk, of: tree, to: connection, session, at: time)
        if case .ended = outcome {
          recordProgress(of: change.filter, session)
          continue
        }
        if case .outOfSteps = outcome { awaitTurn(connection) }
      }
      session.retainedWalks.begin(walk)
      recordProgress(of: change.filter, session)
    }
    account(session)
  }

  /// Brings more of what is owed, until the client takes no more or others have their turn.
  func continueRetained(_ connection: ClientConnection, _ session: ClientSession, at time: BrokerTime) {
    guard !session.retainedWalks.isEmpty, !connection.isAwaitingTurn else { return }
    let tree = broker.currentRetained()
    while var walk = session.retainedWalks.first {
      switch bring(&walk, of: tree, to: connection, session, at: time) {
      case .ended:
        session.retainedWalks.remove(walk.filter)
        recordProgress(of: walk.filter, session)
      case .isBlocked:
        session.retainedWalks.update(walk)
        return recordProgress(of: walk.filter, session)
      case .outOfSteps:
        session.retainedWalks.update(walk)
        recordProgress(of: walk.filter, session)
        return awaitTurn(connection)
      }
    }
  }

  private func bring(
    _ walk: inout RetainedWalk, of tree: OrderedTopicTree<RetainedMessage>, to connection: ClientConnection,
    _ session: ClientSession, at time: BrokerTime
  ) -> Outcome {
    while retainedSteps > 0 {
      switch walk.find(in: tree, isLossy: session.retainedWalks.isLossy, steps: &retainedSteps) {
      case .ended: return .ended
      case .outOfSteps: return .outOfSteps
      case .message(let message):
        if mayBeKept(message, by: walk.entry, session) {
          guard canTake(message, by: walk.entry, connection, session, at: time) else { return .isBlocked }
          deliverRetained(message, to: connection, session, walk.entry, at: time)
          retainedSteps -= message.byteCount / Self.bytesOfStep
        } else {
          statistics.dropped.queueFull += 1
        }
        walk.wasBrought()
      }
    }
    return .outOfSteps
  }

  private func awaitTurn(_ connection: ClientConnection) {
    connection.isAwaitingTurn = true
    awaitingTurn.append(connection)
  }

  /// Goes on with those whose turn it is.
  func takeTurns(at time: BrokerTime) {
    while retainedSteps > 0, let connection = awaitingTurn.popFirst() {
      connection.isAwaitingTurn = false
      pump(connection, at: time)
    }
  }

  /// An event is over: the next one has its steps, and comes where someone waits for it.
  func endTurn() {
    retainedSteps = limits.retainedStepsPerEvent
    if !awaitingTurn.isEmpty || !mail.isEmpty { mailbox.requestTurn() }
  }

  /// What a further subscription counts for beside itself until its retained messages are brought.
  func bytesToWalk(_ filter: [UInt8], _ session: ClientSession, _ changes: borrowing RequestedChanges) -> Int {
    changes.wantsRetained(filter) || session.retainedWalks[filter] != nil ? 0 : RetainedWalk.byteCount(of: filter)
  }

  func reserve(_ bytes: Int, for session: ClientSession) {
    broker.memory.stateChanged(by: bytes)
    session.accountedRetainedBytes += bytes
  }

  /// Walks count as a part of their subscriptions. In the total of messages they could keep each other waiting.
  func accountRetained(_ session: ClientSession) {
    let bytes = session.retainedWalks.byteCount - session.accountedRetainedBytes
    if bytes != 0 { reserve(bytes, for: session) }
  }

  /// False for a message that is larger than all that may be kept for one client, or for all: it would wait for ever.
  private func mayBeKept(_ message: StoredMessage, by entry: SubscriptionEntry, _ session: ClientSession) -> Bool {
    !session.isDurable || min(message.qos, entry.qos) == .atMostOnce
      || message.byteCount <= min(limits.sessionQueueBytes, limits.totalOutputBytes)
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
    write(queued, to: connection, session, at: time)
  }
}
