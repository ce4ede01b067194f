import DequeModule

/// Makes of the changes of one transaction what it does to rows: what cancels out is never written, and a message is
/// written once for all who are to get it.
///
/// Used by one thread. Hot changes are found by integers; only retained messages and subscriptions are by name.
package struct BrokerChangeFolder: ~Copyable {
  /// Topics whose clearing is remembered, so that a message that was retained before it and is recorded after it does
  /// not come back. Event loops record at the end of each event, so that the two are never far apart.
  private static let rememberedClears = 65_536

  private struct Times {
    let wallOffset: Int64

    func unix(_ monotonic: Int64) -> Int64 { monotonic &+ wallOffset }
  }

  /// What became of one delivery.
  private enum DeliveryFold {
    case inserted(OutboundDelivery, isReceived: Bool)
    case updated(packetIdentifier: UInt16, order: UInt64, isSent: Bool, isReceived: Bool)
    case deleted
  }

  private struct MessageFold {
    var change: Int
    let message: StoredMessage?
    let wallOffset: Int64
  }

  private struct ExchangeFold {
    let wasKnown: Bool
    var value: DurableExchange?
  }

  /// What became of one session, its deliveries aside.
  private struct SessionFold {
    var row: DurableSession?
    var left: (at: Int64, expiryInterval: UInt32, willDueAt: Int64?)?
    var hasWillEnded = false
    var isEnded = false
    /// nil where it is gone.
    var subscriptions: [[UInt8]: DurableSubscription?] = [:]
    var progress: [[UInt8]: RetainedProgress?] = [:]
    var exchanges: [UInt16: ExchangeFold] = [:]
  }

  // The transaction's.
  private var sessions: [UInt64: SessionFold] = [:]
  private var deliveries: [UInt64: (session: UInt64, fold: DeliveryFold)] = [:]
  private var messages: [UInt64: MessageFold] = [:]
  private var retained: [[UInt8]: (serial: UInt64, message: DurableMessage?)] = [:]

  // What the database has.
  private var knownSessions: Set<UInt64>
  /// How many deliveries and exchanges need each message.
  private var references: [UInt64: Int] = [:]
  /// By session and Packet Identifier, the messages of exchanges that were not delivered.
  private var undelivered: [UInt64: [UInt16: UInt64]] = [:]
  private var cleared: [[UInt8]: UInt64] = [:]
  private var clearedInOrder: Deque<[UInt8]> = []

  /// - Parameter state: what the database has.
  package init(resuming state: RestoredState = RestoredState()) {
    knownSessions = Set(state.sessions.keys)
    for delivery in state.deliveries.values.joined() where delivery.value.message != 0 {
      references[delivery.value.message, default: 0] += 1
    }
    for (session, exchanges) in state.exchanges {
      for exchange in exchanges.values where exchange.message != 0 {
        references[exchange.message, default: 0] += 1
        undelivered[session, default: [:]][exchange.packetIdentifier] = exchange.message
      }
    }
  }

  package var isEmpty: Bool { sessions.isEmpty && deliveries.isEmpty && messages.isEmpty && retained.isEmpty }

  /// Takes what is next in the order of sequences.
  package mutating func fold(_ batch: BrokerChanges) {
    let times = Times(wallOffset: batch.wallOffset)
    for change in batch.changes { fold(change, times) }
  }

  private mutating func fold(_ change: BrokerChange, _ times: Times) {
    switch change {
    case .queued(let session, let serial, let delivery):
      deliveries[serial] = (session, .inserted(delivery, isReceived: false))
      need(delivery.message, times)
    case .sent(_, let serial, let packetIdentifier, let order):
      updateDelivery(change, serial) { fold in
        switch fold {
        case .inserted(var delivery, let isReceived):
          delivery.packetIdentifier = packetIdentifier
          delivery.order = order
          fold = .inserted(delivery, isReceived: isReceived)
        case .updated(_, _, _, let isReceived):
          fold = .updated(packetIdentifier: packetIdentifier, order: order, isSent: true, isReceived: isReceived)
        case .deleted: break
        }
      }
    case .receivedByClient(_, let serial, let message):
      updateDelivery(change, serial) { fold in
        switch fold {
        case .inserted(let delivery, _): fold = .inserted(delivery, isReceived: true)
        case .updated(let packetIdentifier, let order, let isSent, _):
          fold = .updated(packetIdentifier: packetIdentifier, order: order, isSent: isSent, isReceived: true)
        case .deleted: break
        }
      }
      release(message)
    case .removed(let session, let serial, let message):
      if case .inserted? = deliveries[serial]?.fold {
        deliveries[serial] = nil
      } else {
        deliveries[serial] = (session, .deleted)
      }
      release(message)
    case .received(let session, let packetIdentifier, let message):
      setExchange(DurableExchange(packetIdentifier: packetIdentifier, message: message.number), of: session)
      need(message, times)
    case .delivered(let session, let packetIdentifier):
      setExchange(DurableExchange(packetIdentifier: packetIdentifier), of: session)
    case .released(let session, let packetIdentifier): endExchange(packetIdentifier, of: session)
    case .retained(let message, let serial):
      retain(message.topic, serial, DurableMessage(message, wallOffset: times.wallOffset))
    case .retainedCleared(let topic, let serial): retain(topic, serial, nil)
    default: foldSession(change, times)
    }
  }

  // MARK: Sessions

  private mutating func foldSession(_ change: BrokerChange, _ times: Times) {
    switch change {
    case .began(let number, let clientIdentifier, let expiryInterval, let will):
      sessions[number, default: SessionFold()].row = DurableSession(
        number: number, clientIdentifier: clientIdentifier, expiryInterval: expiryInterval, will: will)
      sessions[number]?.left = nil
      sessions[number]?.hasWillEnded = false
    case .left(let number, let at, let expiryInterval, let willDueAt):
      let (leftAt, dueAt) = (times.unix(at), willDueAt.map(times.unix))
      if sessions[number]?.row != nil {
        sessions[number]?.row?.leftAt = leftAt
        sessions[number]?.row?.expiryInterval = expiryInterval
        sessions[number]?.row?.willDueAt = dueAt
      } else {
        sessions[number, default: SessionFold()].left = (leftAt, expiryInterval, dueAt)
      }
    case .willEnded(let number):
      if sessions[number]?.row != nil {
        sessions[number]?.row?.will = nil
        sessions[number]?.row?.willDueAt = nil
      } else {
        sessions[number, default: SessionFold()].hasWillEnded = true
      }
    case .ended(let number):
      for packetIdentifier in undelivered[number, default: [:]].keys { endExchange(packetIdentifier, of: number) }
      var ended = SessionFold()
      ended.isEnded = true
      sessions[number] = knownSessions.contains(number) ? ended : nil
    case .subscribed(let number, let subscription):
      sessions[number, default: SessionFold()].subscriptions[subscription.filter] = .some(subscription)
      sessions[number]?.progress[subscription.filter] = nil
    case .unsubscribed(let number, let filter):
      sessions[number, default: SessionFold()].subscriptions[filter] = .some(nil)
      sessions[number]?.progress[filter] = nil
    case .broughtRetained(let number, let filter, let progress):
      switch sessions[number]?.subscriptions[filter] {
      case .some(.some(var subscription)):
        subscription.retained = progress
        sessions[number]?.subscriptions[filter] = .some(subscription)
      case .some(.none): break
      case .none: sessions[number, default: SessionFold()].progress[filter] = .some(progress)
      }
    default: preconditionFailure("BUG: a change that is no session's")
    }
  }

  // MARK: Deliveries and exchanges

  private mutating func updateDelivery(
    _ change: BrokerChange, _ serial: UInt64, _ update: (inout DeliveryFold) -> Void
  ) {
    let session: UInt64
    switch change {
    case .sent(let number, _, _, _), .receivedByClient(let number, _, _): session = number
    default: preconditionFailure("BUG: a change that is no delivery's")
    }
    var fold =
      deliveries[serial]?.fold ?? .updated(packetIdentifier: 0, order: 0, isSent: false, isReceived: false)
    update(&fold)
    deliveries[serial] = (session, fold)
  }

  private mutating func setExchange(_ exchange: DurableExchange, of session: UInt64) {
    let packetIdentifier = exchange.packetIdentifier
    if let former = undelivered[session]?.removeValue(forKey: packetIdentifier) { release(former) }
    if exchange.message != 0 {
      undelivered[session, default: [:]][packetIdentifier] = exchange.message
    } else if undelivered[session]?.isEmpty == true {
      undelivered[session] = nil
    }
    let wasKnown = sessions[session]?.exchanges[packetIdentifier]?.wasKnown ?? (exchange.message == 0)
    sessions[session, default: SessionFold()].exchanges[packetIdentifier] = ExchangeFold(
      wasKnown: wasKnown, value: exchange)
  }

  private mutating func endExchange(_ packetIdentifier: UInt16, of session: UInt64) {
    if let former = undelivered[session]?.removeValue(forKey: packetIdentifier) { release(former) }
    if undelivered[session]?.isEmpty == true { undelivered[session] = nil }
    let known = sessions[session]?.exchanges[packetIdentifier]
    if let known, !known.wasKnown {
      sessions[session]?.exchanges[packetIdentifier] = nil
    } else {
      sessions[session, default: SessionFold()].exchanges[packetIdentifier] = ExchangeFold(wasKnown: true, value: nil)
    }
  }

  private mutating func need(_ message: StoredMessage, _ times: Times) {
    let fold = messages[message.number]
    messages[message.number] = MessageFold(
      change: (fold?.change ?? 0) + 1, message: message, wallOffset: times.wallOffset)
  }

  private mutating func release(_ number: UInt64) {
    guard number != 0 else { return }
    messages[number, default: MessageFold(change: 0, message: nil, wallOffset: 0)].change -= 1
  }

  // MARK: Retained messages

  private mutating func retain(_ topic: [UInt8], _ serial: UInt64, _ message: DurableMessage?) {
    if let other = retained[topic], other.serial > serial { return }
    if message != nil {
      if let clear = cleared[topic], clear > serial { return }
    } else {
      if cleared.updateValue(max(serial, cleared[topic] ?? 0), forKey: topic) == nil { clearedInOrder.append(topic) }
      if clearedInOrder.count > Self.rememberedClears, let oldest = clearedInOrder.popFirst() { cleared[oldest] = nil }
    }
    retained[topic] = (serial, message)
  }

  // MARK: The transaction

  /// What the transaction does, in an order in which nothing refers to what is not there.
  package mutating func takeOperations() -> [RowOperation] {
    var operations: [RowOperation] = []
    operations.reserveCapacity(sessions.count + deliveries.count + messages.count + retained.count)
    var unneeded: [UInt64] = []
    for (number, fold) in messages where fold.change != 0 {
      let before = references[number] ?? 0
      let after = before + fold.change
      references[number] = after > 0 ? after : nil
      if before == 0, after > 0, let message = fold.message {
        operations.append(.insertMessage(number, DurableMessage(message, wallOffset: fold.wallOffset)))
      } else if before > 0, after <= 0 {
        unneeded.append(number)
      }
    }
    for (number, fold) in sessions { append(fold, of: number, to: &operations) }
    for (serial, (session, fold)) in deliveries { append(fold, serial, of: session, to: &operations) }
    for number in unneeded { operations.append(.deleteMessage(number)) }
    for (topic, (serial, message)) in retained {
      operations.append(
        message.map { .setRetained(DurableRetained(serial: serial, message: $0)) }
          ?? .deleteRetained(topic: topic, serial: serial))
    }
    sessions.removeAll(keepingCapacity: true)
    deliveries.removeAll(keepingCapacity: true)
    messages.removeAll(keepingCapacity: true)
    retained.removeAll(keepingCapacity: true)
    return operations
  }

  private mutating func append(_ fold: SessionFold, of number: UInt64, to operations: inout [RowOperation]) {
    guard !fold.isEnded else {
      knownSessions.remove(number)
      operations.append(.deleteSession(number))
      return
    }
    if let row = fold.row {
      knownSessions.insert(number)
      operations.append(.setSession(row))
    }
    // What comes after the end of a session is nobody's.
    guard knownSessions.contains(number) else { return }
    if fold.row == nil, fold.hasWillEnded { operations.append(.deleteWill(session: number)) }
    if fold.row == nil, let left = fold.left {
      operations.append(
        .setLeft(
          session: number, leftAt: left.at, expiryInterval: left.expiryInterval,
          willDueAt: fold.hasWillEnded ? nil : left.willDueAt))
    }
    for (filter, subscription) in fold.subscriptions {
      operations.append(
        subscription.map { .setSubscription(session: number, $0) }
          ?? .deleteSubscription(session: number, filter: filter))
    }
    for (filter, progress) in fold.progress {
      operations.append(.setRetainedProgress(session: number, filter: filter, progress))
    }
    for (packetIdentifier, exchange) in fold.exchanges {
      operations.append(
        exchange.value.map { .setExchange(session: number, $0) }
          ?? .deleteExchange(session: number, packetIdentifier: packetIdentifier))
    }
  }

  private func append(
    _ fold: DeliveryFold, _ serial: UInt64, of session: UInt64, to operations: inout [RowOperation]
  ) {
    switch fold {
    case .inserted(let delivery, let isReceived):
      operations.append(
        .insertDelivery(
          session: session,
          DurableDelivery(
            serial: serial, message: isReceived ? 0 : delivery.message.number, qos: delivery.qos,
            retain: delivery.retain, identifiers: delivery.identifiers, isByMe: delivery.isByMe,
            share: delivery.share, stage: isReceived ? .received : .outstanding,
            packetIdentifier: delivery.packetIdentifier, order: delivery.order)))
    case .updated(let packetIdentifier, let order, let isSent, let isReceived):
      if isSent {
        operations.append(
          .setSent(session: session, serial: serial, packetIdentifier: packetIdentifier, order: order))
      }
      if isReceived { operations.append(.setReceived(session: session, serial: serial)) }
    case .deleted: operations.append(.deleteDelivery(session: session, serial: serial))
    }
  }
}
