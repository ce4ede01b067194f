import Durability
import MQTTProtocol

/// What became of a message among those who were to get it.
struct DeliveryCount {
  /// Written, kept for a session, or handed to another loop.
  var taken = 0
  /// Kept from a subscriber by a limit of its queue.
  var refused = 0
}

extension BrokerShard {
  /// Brings an entry's route up to the subscriptions that are in force now.
  @inline(__always)
  func refreshRoute(_ entry: TopicEntry, isCurrent: Bool = false) {
    if !isCurrent { refreshSubscriptions() }
    if entry.routeVersion != subscriptionsVersion { rebuildRoute(entry) }
  }

  @inline(__always)
  func refreshSubscriptions() {
    guard broker.currentRouteVersion != subscriptionsVersion else { return }
    let (tree, version) = broker.currentSubscriptions()
    adopt(tree, version: version)
  }

  func adopt(_ tree: SubscriptionTree, version: UInt64) {
    subscriptions = tree
    subscriptionsVersion = version
  }

  private func rebuildRoute(_ entry: TopicEntry) {
    let route = subscriptions.isEmpty ? Route() : subscriptions.route(of: entry.levels, for: index)
    entry.setRoute(route, version: subscriptionsVersion, budget: routeBudget)
  }

  /// Fans out a QoS 2 message whose commit was waited for.
  func fanOut(_ message: StoredMessage, isRefusable: Bool, at time: BrokerTime) -> PublishAnswer {
    let entry = topics.entry(for: message.topic)
    return message.inTransit(at: time) { transit in
      transit.isRefusable = isRefusable
      return fanOut(&transit, on: entry, at: time)
    }
  }

  /// Retains a message where it says so, and gives it to everyone on its route; the publisher's answer.
  func fanOut(_ transit: inout MessageInTransit, on entry: TopicEntry, at time: BrokerTime) -> PublishAnswer {
    if !transit.retain {
      refreshRoute(entry)
    } else if !retain(&transit, on: entry) {
      guard !transit.isRefusable else { return .retainedLimit }
      // Who cannot be told that it is not kept has it delivered all the same [MQTT-4.3.2-4].
      refreshRoute(entry)
    }
    // What the hub itself takes, or keeps, has found its place.
    let isTaken = !entry.isOrdinary || transit.retain
    guard !entry.route.isEmpty else { return isTaken ? .success : .noMatchingSubscribers }
    let count = deliver(&transit, along: entry.route, at: time)
    entry.forgetTransientRoute()
    // And then a subscriber's trouble is not the publisher's.
    guard count.taken == 0, !isTaken else { return .success }
    return count.refused > 0 ? .queuesFull : .noMatchingSubscribers
  }

  /// From so many subscribers on it pays to make a message's bytes beforehand.
  private static let framedSubscribers = 3

  /// Here at once, to other loops by mailbox.
  ///
  /// What durable sessions are to get is recorded here, those of other loops included, so that it is durable with
  /// whatever else this event has decided of the message.
  private func deliver(_ transit: inout MessageInTransit, along route: Route, at time: BrokerTime) -> DeliveryCount {
    var count = DeliveryCount()
    if route.local.count >= Self.framedSubscribers { transit.frames = FrameCache() }
    let isPlain = transit.qos == .atMostOnce && transit.receipt == nil && transit.frames != nil
    for place in route.local.indices {
      if isPlain, route.local[place].isPlain, deliverPlain(&transit, to: route.local[place], count: &count, at: time) {
        continue
      }
      guard let target = route.local[place].target.seen(by: transit.publisher) else { continue }
      let receipt = target.isAddressee(of: transit.receipt) ? transit.receipt : nil
      receipt?.willTry()
      guard let session = session(of: target.subscriber) else {
        elsewhere(transit.keep(), target, receipt: receipt, count: &count, at: time)
        continue
      }
      deliver(&transit, to: session, target, receipt: receipt, count: &count, at: time)
    }
    for (shard, targets) in route.remote {
      let targets = route.isSelective ? targets.compactMap { $0.seen(by: transit.publisher) } : targets
      post(&transit, to: shard, targets, hasDurable: route.hasDurableRemote, count: &count)
    }
    for (group, members) in route.shares { deliver(&transit, to: group, members, count: &count, at: time) }
    return count
  }

  /// QoS 0 to one of many: ready bytes to whoever takes them. False where there is more to it.
  @inline(__always)
  private func deliverPlain(
    _ transit: inout MessageInTransit, to local: borrowing Route.Local, count: inout DeliveryCount, at time: BrokerTime
  ) -> Bool {
    guard sessions.indices.contains(local.slot), let session = sessions[local.slot], session.id == local.id,
      let connection = session.connection, connection.isConnected, !connection.outboundAliases.isEnabled,
      !isBlocked(connection, makingRoomAt: time),
      let frame = transit.frame(
        qos: .atMostOnce, retain: transit.retain && local.retainAsPublished, version: connection.version),
      frame.bytes.count <= connection.maximumPacketSize
    else { return false }
    frame.bytes.withUnsafeBytes {
      connection.output.writeFrame($0, packetIdentifier: 0, at: nil, version: connection.version)
    }
    written(frame.bytes.count, .atMostOnce, payloadBytes: transit.payload.count, nil, to: connection)
    count.taken += 1
    return true
  }

  private func post(
    _ transit: inout MessageInTransit, to shard: Int, _ targets: [RouteTarget], hasDurable: Bool,
    count: inout DeliveryCount
  ) {
    guard !targets.isEmpty else { return }
    if let receipt = transit.receipt {
      for target in targets where target.isAddressee(of: receipt) { receipt.willTry() }
    }
    guard hasMailboxRoom(for: transit.byteCount, in: shard) else {
      statistics.dropped.mailboxFull += targets.count
      if let receipt = transit.receipt {
        for target in targets where target.isAddressee(of: receipt) { receipt.couldNotLeave() }
      }
      return
    }
    count.taken += targets.count
    let message = transit.keep()
    let isRecorded = hasDurable && message.qos != .atMostOnce
    let firstSerial = isRecorded ? recordDeliveries(message, to: targets) : 0
    post(.fanOut(message, targets, firstSerial: firstSerial), to: shard)
  }

  /// Whether another loop keeps up so far that it takes a message of `size` bytes.
  func hasMailboxRoom(for size: Int, in shard: Int) -> Bool {
    let (mailbox, outbox) = (broker.mailboxes[shard], outboxes[shard])
    return mailbox.waiting + outbox.messages.count < limits.maximumMailboxMessages
      && mailbox.waitingBytes + outbox.byteCount + size <= limits.maximumMailboxBytes
  }

  /// Has another loop deliver to one subscriber there.
  func post(
    _ message: StoredMessage, to target: RouteTarget, _ serial: UInt64 = 0, on shard: Int, receipt: DeliveryReceipt?,
    count: inout DeliveryCount
  ) {
    guard hasMailboxRoom(for: message.byteCount, in: shard) else {
      statistics.dropped.mailboxFull += 1
      recordEnd(serial, of: message, to: target)
      receipt?.couldNotLeave()
      count.refused += 1
      return
    }
    count.taken += 1
    post(.deliver(message, target, serial: serial != 0 ? serial : recordDelivery(message, to: target)), to: shard)
  }

  /// A message of another event loop for a subscriber that was of this one.
  func deliver(_ message: StoredMessage, to target: RouteTarget, _ serial: UInt64, at time: BrokerTime) {
    if target.share != nil, deliverToConnected(message, insteadOf: target, at: time) {
      recordEnd(serial, of: message, to: target)
    } else {
      give(message, to: target, serial, at: time)
    }
  }

  /// Gives a message to one subscriber, wherever it is; `serial` is what the delivery was recorded as, 0 where it was
  /// not.
  func give(_ message: StoredMessage, to target: RouteTarget, _ serial: UInt64 = 0, at time: BrokerTime) {
    var count = DeliveryCount()
    let receipt = target.isAddressee(of: message.receipt) ? message.receipt : nil
    guard let session = session(of: target.subscriber) else {
      elsewhere(message, target, serial, receipt: receipt, count: &count, at: time)
      return
    }
    message.inTransit(at: time) {
      deliver(&$0, to: session, target, serial, receipt: receipt, count: &count, at: time)
    }
  }

  /// The session is not here: on its way here, gone on to another loop, or ended.
  private func elsewhere(
    _ message: StoredMessage, _ target: RouteTarget, _ serial: UInt64 = 0, receipt: DeliveryReceipt?,
    count: inout DeliveryCount, at time: BrokerTime
  ) {
    let home = target.subscriber.shard
    if home != index {
      post(message, to: target, serial, on: home, receipt: receipt, count: &count)
      return
    }
    if target.subscriber.slot == nil, receipt == nil {
      count.taken += 1
      keepForArrival(message, target, serial)
      return
    }
    recordEnd(serial, of: message, to: target)
    if let group = target.share, message.qos != .atMostOnce {
      deliverAgain(message, to: group, count: &count, at: time)
    } else {
      receipt?.couldNotLeave()
    }
  }

  /// Gives a message to one session: written at once, or kept for when its client takes it.
  func deliver(
    _ transit: inout MessageInTransit, to session: ClientSession, _ target: RouteTarget, _ serial: UInt64 = 0,
    receipt: DeliveryReceipt?, count: inout DeliveryCount, at time: BrokerTime
  ) {
    guard !transit.isExpired(at: time) else {
      statistics.dropped.expired += 1
      if serial != 0 { recordEnd(serial, of: transit.keep(), to: target) }
      receipt?.couldNotLeave()
      return
    }
    let qos = min(transit.qos, target.qos)
    let retain = transit.retain && target.retainAsPublished
    guard let connection = session.connection, connection.isConnected else {
      // What someone waits to see delivered does not wait for another connection, and QoS 0 has none to go to.
      guard qos != .atMostOnce, receipt == nil else {
        session.retainedWalks.readerLostMessage()
        if serial != 0 { recordEnd(serial, of: transit.keep(), to: target) }
        receipt?.couldNotLeave()
        return
      }
      let isKept = enqueue(queued(&transit, qos, retain, target, serial, receipt: nil), for: session, at: time)
      if isKept { target.share?.keptForAbsentMember() }
      if isKept { count.taken += 1 } else { count.refused += 1 }
      return
    }
    let isBlocked = isBlocked(connection, makingRoomAt: time)
    if qos == .atMostOnce {
      guard !isBlocked else {
        statistics.dropped.slowReader += 1
        session.retainedWalks.readerLostMessage()
        receipt?.couldNotLeave()
        return
      }
      count.taken += 1
      write(&transit, qos: qos, retain: retain, target, 0, receipt: receipt, to: connection, session)
    } else if !isBlocked, session.outbound.hasRoom, hasRoomToKeep(transit.byteCount, session, at: time) {
      count.taken += 1
      write(&transit, qos: qos, retain: retain, target, serial, receipt: receipt, to: connection, session)
    } else {
      let isKept = enqueue(queued(&transit, qos, retain, target, serial, receipt: receipt), for: session, at: time)
      if isKept { count.taken += 1 } else { count.refused += 1 }
    }
  }

  private func queued(
    _ transit: inout MessageInTransit, _ qos: QoS, _ retain: Bool, _ target: RouteTarget, _ serial: UInt64,
    receipt: DeliveryReceipt?
  ) -> OutboundFlow.Queued {
    OutboundFlow.Queued(
      message: transit.keep(), qos: qos, retain: retain, identifiers: target.identifiers, isByMe: target.isByMe,
      receipt: receipt, share: target.share, serial: serial)
  }

  private func write(
    _ transit: inout MessageInTransit, qos: QoS, retain: Bool, _ target: RouteTarget, _ serial: UInt64,
    receipt: DeliveryReceipt?, to connection: ClientConnection, _ session: ClientSession
  ) {
    var kept: OutboundFlow.Queued?
    if qos != .atMostOnce, session.isDurable || target.share != nil {
      let queued = queued(&transit, qos, retain, target, serial, receipt: receipt)
      guard !beginsBeforeWriting(qos, session) else {
        begin(queued, to: connection, session)
        return
      }
      kept = queued
    }
    if target.isPlain, !connection.outboundAliases.isEnabled,
      let frame = transit.frame(qos: qos, retain: retain, version: connection.version),
      frame.bytes.count <= connection.maximumPacketSize
    {
      let packetIdentifier = open(qos, receipt, keeping: kept, session)
      frame.bytes.withUnsafeBytes {
        connection.output.writeFrame(
          $0, packetIdentifier: packetIdentifier, at: frame.identifierOffset, version: connection.version)
      }
      written(frame.bytes.count, qos, payloadBytes: transit.payload.count, receipt, to: connection)
    } else {
      let message = OutgoingMessage(
        topic: transit.topic, payload: transit.payload, properties: transit.properties, qos: qos, retain: retain,
        identifiers: target.identifiers, isByMe: target.isByMe, receipt: receipt)
      write(message, keeping: kept, to: connection, session)
    }
    if qos != .atMostOnce { account(session) }
  }
}

extension TopicEntry {
  /// Whether the hub only brokers it.
  var isOrdinary: Bool { meaning == .ordinary }
}

extension StoredMessage {
  func isExpired(at time: BrokerTime) -> Bool { expiry.map { $0 <= time.monotonic } ?? false }

  /// Of its Message Expiry Interval, rounded up, never more than it was [MQTT-3.3.2-6]; nil where it has none.
  func secondsLeft(at time: BrokerTime) -> UInt32? {
    expiry.map { expiry in
      let left = max(expiry, time.monotonic) &- time.monotonic
      return UInt32(clamping: left / 1000 + (left % 1000 > 0 ? 1 : 0))
    }
  }
}
