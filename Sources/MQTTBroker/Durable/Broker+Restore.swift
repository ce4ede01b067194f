import Durability
import HashTreeCollections
import MQTTProtocol

/// What a restart kept, and what the limits that hold now took of it.
package struct RestoreSummary: Equatable, Sendable {
  package internal(set) var sessions = 0
  package internal(set) var subscriptions = 0
  /// Messages in flight or waiting, each counted for each session.
  package internal(set) var deliveries = 0
  package internal(set) var retained = 0
  package internal(set) var droppedSessions = 0
  package internal(set) var droppedSubscriptions = 0
  package internal(set) var droppedDeliveries = 0
  package internal(set) var droppedRetained = 0
}

/// A session that a restart kept, on its way to its event loop.
///
/// Unchecked, because whoever makes it keeps no reference, and the loop that takes it is the only owner.
struct RestoredParcel: @unchecked Sendable {
  let session: ClientSession
  /// QoS 2 messages of its client that nobody got yet, in the order in which they came.
  let undelivered: [(packetIdentifier: UInt16, message: StoredMessage)]
}

extension Broker {
  /// Goes on from what a database has. Call once, before the first shard is made.
  ///
  /// Rows that contradict each other, or the limits, are left out, the oldest first, counted, and recorded as gone.
  /// - Parameter time: the moment at which the clients that were connected count as lost.
  @discardableResult
  package func restore(_ state: RestoredState, at time: BrokerTime) -> RestoreSummary {
    var restoring = Restoring(self, state, time)
    restoring.restoreRetained()
    restoring.restoreSessions()
    restoring.restoreDeliveries()
    restoring.finish()
    return restoring.summary
  }
}

/// One restoring of a broker's state.
private struct Restoring {
  /// Numbers that a database can keep; greater ones come from damage.
  private static let numbers = UInt64(1)...UInt64(Int64.max)

  private let broker: Broker
  private let limits: BrokerLimits
  private let state: RestoredState
  private let time: BrokerTime
  private(set) var summary = RestoreSummary()
  private var changes: [BrokerChange] = []
  private var messages: [UInt64: StoredMessage] = [:]
  private var sessions: [ClientSession] = []
  /// Of all session queues.
  private var queuedBytes = 0

  init(_ broker: Broker, _ state: RestoredState, _ time: BrokerTime) {
    self.broker = broker
    limits = broker.limits
    self.state = state
    self.time = time
    let serials = state.deliveries.values.lazy.flatMap(\.keys)
    broker.continueNumbers(
      afterSession: state.sessions.keys.filter(Self.numbers.contains).max() ?? 0,
      message: state.messages.keys.filter(Self.numbers.contains).max() ?? 0,
      serial: serials.filter(Self.numbers.contains).max() ?? 0)
  }

  /// `BrokerTime.monotonic` of a moment in Unix milliseconds.
  private func monotonic(_ unix: Int64) -> Int64 { time.monotonic(ofWall: unix) }

  // MARK: Retained messages

  mutating func restoreRetained() {
    let places = state.subscriptions.values.lazy.flatMap(\.values).compactMap { $0.retained?.lastSerial }
    broker.continueRetained(after: places.filter(Self.numbers.contains).max() ?? 0)
    // The newest first, so that the oldest find no room.
    for retained in state.retained.values.sorted(by: { $0.serial > $1.serial }) {
      let message = StoredMessage(retained.message, number: 0, at: time)
      let isWithinLimit = BrokerShard.levelCount(message.topic) <= limits.maximumTopicLevels
      if isWithinLimit, Self.numbers.contains(retained.serial), !message.payload.isEmpty, !message.isExpired(at: time),
        broker.restoreRetained(message, serial: retained.serial)
      {
        summary.retained += 1
      } else {
        if !message.isExpired(at: time) { summary.droppedRetained += 1 }
        changes.append(.retainedCleared(topic: message.topic, serial: retained.serial))
      }
    }
  }

  // MARK: Sessions

  mutating func restoreSessions() {
    var names: Set<ClientName> = []
    // Whoever went away last comes first, so that the oldest find no room.
    let rows = state.sessions.values.sorted {
      ($0.leftAt ?? .max, $0.number) > ($1.leftAt ?? .max, $1.number)
    }
    for row in rows {
      guard Self.numbers.contains(row.number), sessions.count < limits.maximumSessions,
        names.insert(ClientName(row.clientIdentifier)).inserted
      else {
        summary.droppedSessions += 1
        for delivery in state.deliveries[row.number, default: [:]].values { drop(delivery, of: row.number) }
        changes.append(.ended(session: row.number))
        continue
      }
      let session = makeSession(row)
      sessions.append(session)
      restoreSubscriptions(of: session)
    }
    for (number, deliveries) in state.deliveries where state.sessions[number] == nil {
      for delivery in deliveries.values {
        changes.append(.removed(session: number, serial: delivery.serial, message: delivery.message))
      }
    }
    summary.sessions = sessions.count
  }

  private func shard(of number: UInt64) -> Int { Int(number % UInt64(broker.shardCount)) }

  private mutating func makeSession(_ row: DurableSession) -> ClientSession {
    let shard = shard(of: row.number)
    let subscriber = Subscriber(
      id: SubscriberID(rawValue: row.number), clientIdentifier: row.clientIdentifier, isDurable: true, shard: shard,
      slot: nil)
    let claim = ClientClaim(
      id: broker.nextIdentity(), shard: shard, connectionSlot: -1, clientIdentifier: row.clientIdentifier)
    claim.connectionEnded()
    let session = ClientSession(
      subscriber: subscriber, claim: claim, expiryInterval: min(row.expiryInterval, limits.maximumSessionExpiry))
    session.isRecorded = true
    session.slot = -1
    let leftAt = monotonic(min(max(row.leftAt ?? time.wall, 0), time.wall))
    // One that does not outlive its connection ends with its loop's first event, and that brings its will.
    session.expiresAt = ClientSession.deadline(in: session.expiryInterval, from: leftAt)
    if let will = row.will {
      session.will = will
      session.willBytes = will.stateBytes
      broker.memory.stateChanged(by: session.willBytes)
      session.willDueAt =
        row.leftAt == nil
        ? ClientSession.deadline(in: will.properties.willDelayInterval ?? 0, from: leftAt)
        : row.willDueAt.map { monotonic($0) }
    }
    if row.leftAt == nil {
      changes.append(
        .left(
          session: row.number, at: leftAt, expiryInterval: session.expiryInterval, willDueAt: session.willDueAt))
    }
    _ = broker.register(claim)
    broker.sessionCountChanged(by: 1)
    return session
  }

  private mutating func restoreSubscriptions(of session: ClientSession) {
    var subscribed: [Broker.SubscriptionChange] = []
    for row in state.subscriptions[session.number, default: [:]].values {
      guard let change = change(row, of: session), subscribed.count < limits.maximumSubscriptionsPerClient,
        !broker.memory.isStateFull(with: BrokerShard.stateBytes(of: row.filter))
      else {
        summary.droppedSubscriptions += 1
        changes.append(.unsubscribed(session: session.number, filter: row.filter))
        continue
      }
      subscribed.append(change)
      broker.memory.stateChanged(by: BrokerShard.stateBytes(of: row.filter))
      if BrokerShard.isOfSystem(row.filter) { broker.systemSubscriptionsChanged(by: 1) }
    }
    broker.subscribe(&subscribed)
    for change in subscribed {
      let key = change.share ?? change.filter
      session.subscriptions[key] = change.entry
      // To whom QoS 0 goes was not there to get it.
      guard change.share == nil, change.entry.qos != .atMostOnce,
        let progress = state.subscriptions[session.number]?[key]?.retained
      else { continue }
      session.retainedWalks.begin(RetainedWalk(entry: change.entry, filter: change.filter, resuming: progress))
    }
    summary.subscriptions += subscribed.count
  }

  private func change(_ row: DurableSubscription, of session: ClientSession) -> Broker.SubscriptionChange? {
    let isShared = row.filter.starts(with: SharedSubscription.prefix.utf8)
    var filter = row.filter
    if isShared {
      guard let shared = SharedSubscription(String(decoding: row.filter, as: UTF8.self)) else { return nil }
      filter = Array(shared.filter.utf8)
    }
    guard BrokerShard.levelCount(filter) <= limits.maximumTopicLevels else { return nil }
    let entry = SubscriptionEntry(
      subscriber: session.subscriber, qos: row.qos, noLocal: row.noLocal, retainAsPublished: row.retainAsPublished,
      identifier: row.identifier, isByMe: row.isByMe,
      isExact: !filter.contains { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "#") })
    return Broker.SubscriptionChange(
      filter: filter, share: isShared ? row.filter : nil, entry: entry, wantsRetained: false)
  }

  // MARK: Deliveries

  /// Once all groups are there.
  mutating func restoreDeliveries() {
    let tree = broker.currentSubscriptions().tree
    for session in sessions {
      let rows = state.deliveries[session.number, default: [:]].values
      let entries = rows.filter { $0.packetIdentifier != 0 }.sorted { $0.order < $1.order }
        .compactMap { inflight($0, of: session, tree) }
      var bytes = entries.reduce(0) { $0 + ($1.kept?.accountedBytes ?? 0) }
      var count = 0
      var waiting: [OutboundFlow.Queued] = []
      // The newest first, so that the oldest find no room.
      for row in rows.filter({ $0.packetIdentifier == 0 }).sorted(by: { $0.serial > $1.serial }) {
        guard let queued = queued(row, of: session, tree) else { continue }
        guard count < limits.sessionQueueMessages, bytes + queued.accountedBytes <= limits.sessionQueueBytes,
          queuedBytes + bytes + queued.accountedBytes <= limits.totalOutputBytes
        else {
          drop(row, of: session.number)
          continue
        }
        bytes += queued.accountedBytes
        count += 1
        waiting.append(queued)
        queued.share?.keptForAbsentMember()
      }
      queuedBytes += bytes
      summary.deliveries += entries.count + waiting.count
      for leftOut in session.outbound.restore(inflight: entries, queued: waiting.reversed()) {
        summary.deliveries -= 1
        summary.droppedDeliveries += 1
        changes.append(.removed(session: session.number, serial: leftOut.serial, message: leftOut.message))
      }
      broker.addRestored(
        RestoredParcel(session: session, undelivered: restoreExchanges(of: session)), to: shard(of: session.number))
    }
  }

  private mutating func drop(_ row: DurableDelivery, of session: UInt64) {
    summary.droppedDeliveries += 1
    changes.append(.removed(session: session, serial: row.serial, message: row.message))
  }

  private mutating func message(_ number: UInt64) -> StoredMessage? {
    if let message = messages[number] { return message }
    guard Self.numbers.contains(number), let row = state.messages[number] else { return nil }
    let message = StoredMessage(row, number: number, at: time)
    messages[number] = message
    return message
  }

  private mutating func queued(
    _ row: DurableDelivery, of session: ClientSession, _ tree: SubscriptionTree
  ) -> OutboundFlow.Queued? {
    guard Self.numbers.contains(row.serial), row.qos != .atMostOnce, let message = message(row.message) else {
      drop(row, of: session.number)
      return nil
    }
    let share = row.share.flatMap { name in
      session.subscriptions[name]?.share ?? tree.group(named: name)
    }
    return OutboundFlow.Queued(
      message: message, qos: row.qos, retain: row.retain, identifiers: row.identifiers, isByMe: row.isByMe,
      receipt: nil, share: share, serial: row.serial)
  }

  private mutating func inflight(
    _ row: DurableDelivery, of session: ClientSession, _ tree: SubscriptionTree
  ) -> OutboundFlow.Inflight? {
    let isReceived = row.stage == .received
    var kept: OutboundFlow.Queued?
    if !isReceived {
      kept = queued(row, of: session, tree)
      if kept == nil { return nil }
    }
    return OutboundFlow.Inflight(
      packetIdentifier: row.packetIdentifier, serial: row.order,
      stage: isReceived ? .awaitingComplete : row.qos == .exactlyOnce ? .awaitingReceived : .awaitingAcknowledgement,
      receipt: nil, kept: kept, isOpen: false, sentAt: time.monotonic, recordedAs: row.serial)
  }

  private mutating func restoreExchanges(
    of session: ClientSession
  ) -> [(packetIdentifier: UInt16, message: StoredMessage)] {
    var undelivered: [(packetIdentifier: UInt16, message: StoredMessage)] = []
    for row in state.exchanges[session.number, default: [:]].values {
      let message = row.message == 0 ? nil : message(row.message)
      guard row.message == 0 || message != nil else {
        // Its client sends it again, as nothing was said about it.
        changes.append(.released(session: session.number, packetIdentifier: row.packetIdentifier))
        continue
      }
      guard session.inbound.restore(row.packetIdentifier) else { continue }
      broker.memory.stateChanged(by: InboundFlow.bytesOfExchange)
      if let message { undelivered.append((row.packetIdentifier, message)) }
    }
    return undelivered.sorted { $0.message.number < $1.message.number }
  }

  func finish() {
    if !changes.isEmpty {
      _ = broker.commitQueue.append(.broker(BrokerChanges(changes, at: time)), urgency: .immediate)
    }
    for mailbox in broker.mailboxes { mailbox.requestWake() }
  }
}

extension TopicTree where Value == FilterSubscriptions {
  /// A group that has members, by its whole name.
  fileprivate func group(named name: [UInt8]) -> ShareGroup? {
    guard let shared = SharedSubscription(String(decoding: name, as: UTF8.self)) else { return nil }
    return value(at: Self.levels(of: shared.filter.utf8))?.shared[name]?.group
  }
}
