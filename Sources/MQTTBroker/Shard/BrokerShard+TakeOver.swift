import MQTTProtocol

/// A session that is leaving a loop.
struct Departure {
  let move: SessionMove
  let session: ClientSession
  /// Loops that have not yet said that they send here no more.
  var outstanding: Int
}

/// What came for a session before the session itself.
struct Arrivals {
  var messages: [(message: StoredMessage, target: RouteTarget, serial: UInt64)] = []
  var bytes = 0
}

/// How a client identifier passes from one connection to the next, and the session with it (MQTT 5.0 §3.1.4).
extension BrokerShard {
  /// Ends the connection of a claim and grants its client identifier to the next one. Where the claim itself still waits,
  /// the heir gets what it will be granted, so that no two connections of one client live at once.
  func yield(_ former: ClientClaim, to heir: Heir, at time: BrokerTime) {
    let connection = connection(of: former)
    if awaited[former.id] != nil {
      awaited[former.id] = .some(heir)
      if let connection { end(connection, because: .takenOver, publishesWill: false, at: time) }
      return
    }
    if let connection {
      statistics.takeOvers += 1
      sendDisconnect(.sessionTakenOver, to: connection)
      end(connection, because: .takenOver, publishesWill: true, at: time)
    }
    if isCommitted(at: time) {
      yieldNow(former, to: heir, at: time)
    } else {
      // After all that its former connection caused and that still waits for a commit.
      unheldEffects.append(.yield(former, heir))
    }
  }

  /// Gives up what a claim has: nothing of it is under way any more.
  func yieldNow(_ former: ClientClaim, to heir: Heir, at time: BrokerTime) {
    guard let session = session(of: former) else {
      grant(heir.claim, nil, at: time)
      return
    }
    // What is due by now happens before its client is back, whether or not the clock has ticked since.
    settle(absent: session, at: time)
    // Clean Start [MQTT-3.1.2-4].
    if session.slot >= 0, heir.discardsSession { endSession(session, at: time) }
    if session.slot < 0 {
      // Whoever is told that there is no session must not find it after a restart.
      if isCommitted(at: time) {
        grant(heir.claim, nil, at: time)
      } else {
        unheldEffects.append(.yield(former, heir))
      }
    } else if heir.claim.shard == index {
      grant(heir.claim, session, at: time)
    } else {
      depart(session, to: heir.claim, at: time)
    }
  }

  private func grant(_ claim: ClientClaim, _ session: ClientSession?, at time: BrokerTime) {
    if claim.shard == index {
      granted(claim, session, at: time)
    } else {
      post(.grant(claim, session.map(SessionParcel.init)), to: claim.shard)
    }
  }

  /// The claim before this one is over.
  ///
  /// One that passes on what it gets brings the next of its chain here: in a loop, however long that is.
  func granted(_ claim: ClientClaim, _ session: ClientSession?, at time: BrokerTime) {
    grants.append((claim, session))
    guard grants.count == 1 else { return }
    while let (claim, session) = grants.first {
      settleGrant(of: claim, session, at: time)
      grants.removeFirst()
    }
  }

  private func settleGrant(of claim: ClientClaim, _ session: ClientSession?, at time: BrokerTime) {
    if let session, session.slot < 0 { arrived(session, at: time) }
    session?.claim = claim
    if let session { claim.holds(sessionSlot: session.slot) }
    let heir = awaited.removeValue(forKey: claim.id) ?? nil
    if let heir {
      yieldNow(claim, to: heir, at: time)
    } else if let connection = connection(of: claim), connection.lifecycle.state == .awaitingTakeOver {
      begin(connection, resuming: session, at: time)
    } else if session == nil {
      // It went away while it waited, and nobody followed.
      broker.unregister(claim)
    }
  }

  /// The connection of a claim, if it still is.
  func connection(of claim: ClientClaim) -> ClientConnection? {
    guard claim.shard == index, connections.indices.contains(claim.connectionSlot),
      let connection = connections[claim.connectionSlot], connection.claim === claim
    else { return nil }
    return connection
  }

  private func session(of claim: ClientClaim) -> ClientSession? {
    guard let slot = claim.sessionSlot, sessions.indices.contains(slot), let session = sessions[slot],
      session.claim === claim
    else { return nil }
    return session
  }

  // MARK: From loop to loop

  private func depart(_ session: ClientSession, to heir: ClientClaim, at time: BrokerTime) {
    let move = SessionMove(subscriber: session.subscriber, from: index, heir: heir)
    detach(session)
    departures[session.subscriber.id] = Departure(
      move: move, session: session, outstanding: broker.shardCount - 1)
    session.subscriber.moves(to: heir.shard)
    broker.subscriberMoved()
    for shard in 0..<broker.shardCount where shard != index { post(.fence(move), to: shard) }
  }

  /// A loop sends nothing more here for a session that leaves.
  func fenced(_ move: SessionMove, at time: BrokerTime) {
    guard var departure = departures[move.subscriber.id] else { return }
    departure.outstanding -= 1
    guard departure.outstanding == 0 else {
      departures[move.subscriber.id] = departure
      return
    }
    departures[move.subscriber.id] = nil
    post(.grant(move.heir, SessionParcel(session: departure.session)), to: move.heir.shard)
  }

  /// A session came from another loop: what came for it earlier is put behind what it brought.
  private func arrived(_ session: ClientSession, at time: BrokerTime) {
    attach(session)
    session.subscriber.settled(in: index, slot: session.slot)
    guard let arrivals = arrivals.removeValue(forKey: session.subscriber.id) else { return }
    broker.memory.queuesChanged(by: -arrivals.bytes)
    for (message, target, serial) in arrivals.messages { deliver(message, to: target, serial, at: time) }
  }

  /// Keeps a message for a session that is on its way here.
  func keepForArrival(_ message: StoredMessage, _ target: RouteTarget, _ serial: UInt64) {
    var waiting = arrivals[target.subscriber.id] ?? Arrivals()
    guard waiting.messages.count < limits.sessionQueueMessages,
      waiting.bytes + message.byteCount <= limits.sessionQueueBytes
    else {
      statistics.dropped.queueFull += 1
      recordEnd(serial, of: message, to: target)
      return
    }
    guard !broker.memory.isOutputFull(with: message.byteCount) else {
      statistics.dropped.totalFull += 1
      recordEnd(serial, of: message, to: target)
      return
    }
    broker.memory.queuesChanged(by: message.byteCount)
    waiting.messages.append((message, target, serial != 0 ? serial : recordDelivery(message, to: target)))
    waiting.bytes += message.byteCount
    arrivals[target.subscriber.id] = waiting
  }
}
