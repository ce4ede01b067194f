import MQTTProtocol

/// What waits for absent members of groups goes to connected ones, as far as these have room (MQTT 5.0 §4.8.2).
extension BrokerShard {
  // MARK: A member goes

  /// Gives other members, in turn, what one that went away was to get for its groups. Where none of them is connected and
  /// has room it stays, unless the session ends: then absent members get it too, within the limits that all have.
  func handOn(from session: ClientSession, isEnding: Bool, at time: BrokerTime) {
    refreshSubscriptions()
    var turns: [ObjectIdentifier: ShareTurns] = [:]
    var rooms: [SubscriberID: QueueRoom] = [:]
    var taken: [(message: StoredMessage, target: RouteTarget)] = []
    _ = session.outbound.takeShared { queued, group in
      // What has expired goes to nobody new [MQTT-3.3.2-5].
      guard !queued.message.isExpired(at: time) else { return false }
      let key = ObjectIdentifier(group)
      let taker = turns[key, default: self.turns(of: group, besides: session, isEnding: isEnding)].next { target in
        hasRoom(for: queued, at: target, &rooms)
      }
      guard let target = taker ?? (isEnding ? turns[key]?.nextRefused() : nil) else {
        if !isEnding { group.keptForAbsentMember() }
        return false
      }
      recordEnd(queued.recorded, of: session.number)
      if isEnding || self.session(of: target.subscriber) != nil {
        taken.append((queued.message, target))
      } else {
        post(queued, to: target, from: session)
      }
      return true
    }
    // Before it is counted where it goes, so that a full total has room for what it has already.
    account(session)
    for (message, target) in taken { give(message, to: target, at: time) }
  }

  /// Who may take what a session leaves.
  private func turns(of group: ShareGroup, besides session: ClientSession, isEnding: Bool) -> ShareTurns {
    let others = subscriptions.members(of: group).filter { $0.subscriber !== session.subscriber }
    return ShareTurns(
      of: group, others.filter { $0.subscriber.isConnected },
      substitutes: isEnding ? others.filter { !$0.subscriber.isConnected && $0.qos != .atMostOnce } : [])
  }

  /// Whether a member has room for one message more than for what `rooms` says that it got; of another loop, whether its
  /// mailbox has.
  private func hasRoom(
    for queued: OutboundFlow.Queued, at target: RouteTarget, _ rooms: inout [SubscriberID: QueueRoom]
  ) -> Bool {
    guard let session = session(of: target.subscriber) else {
      return hasMailboxRoom(for: queued.accountedBytes, in: target.subscriber.shard)
    }
    let takes = rooms[target.subscriber.id, default: room(of: session, target.qos)].take(queued.accountedBytes)
    if !takes { session.leftWaiting = true }
    return takes
  }

  /// What a session takes at a granted QoS without loss.
  private func room(of session: ClientSession, _ qos: QoS) -> QueueRoom {
    guard !broker.memory.isOutputFull() else { return .none }
    guard qos == .atMostOnce else {
      return QueueRoom(
        messages: limits.sessionQueueMessages - session.outbound.queuedCount,
        bytes: limits.sessionQueueBytes - session.outbound.messageBytes)
    }
    guard let connection = session.connection else { return .none }
    return QueueRoom(messages: .max, bytes: limits.connectionOutputBytes - connection.output.pendingBytes)
  }

  // MARK: A member comes

  /// Has what waits for absent members of this session's groups given to it, as much as it has room for: it is connected
  /// now, or has room again.
  func takeWaiting(for session: ClientSession, at time: BrokerTime) {
    for entry in session.subscriptions.values {
      guard let group = entry.share, session.connection?.isConnected == true else { continue }
      guard !room(of: session, entry.qos).isEmpty else {
        session.leftWaiting = true
        continue
      }
      guard group.takesWaiting() else { continue }
      session.leftWaiting = true
      let target = RouteTarget(entry)
      giveWaiting(of: group, to: target, room(of: session, entry.qos), at: time)
      let others = shardsOfAbsent(in: group)
      let room = room(of: session, entry.qos).divided(by: others.count)
      for shard in others { post(.giveWaiting(group, to: target, room), to: shard) }
    }
  }

  /// The other loops that have absent members of a group.
  private func shardsOfAbsent(in group: ShareGroup) -> [Int] {
    var hasAbsent = Array(repeating: false, count: broker.shardCount)
    for member in subscriptions.members(of: group) where !member.subscriber.isConnected {
      hasAbsent[member.subscriber.shard] = true
    }
    return hasAbsent.indices.filter { $0 != index && hasAbsent[$0] }
  }

  /// Gives a member what waits here for absent ones of its group, in order, as long as there is room.
  func giveWaiting(of group: ShareGroup, to target: RouteTarget, _ room: QueueRoom, at time: BrokerTime) {
    refreshSubscriptions()
    var room = room
    let isHere = session(of: target.subscriber) != nil
    let shard = target.subscriber.shard
    for member in subscriptions.members(of: group) where !room.isExhausted {
      guard !member.subscriber.isConnected, member.subscriber.shard == index,
        let session = session(of: member.subscriber), session.connection == nil
      else { continue }
      let taken = session.outbound.takeShared { queued, share in
        guard share === group, !queued.message.isExpired(at: time) else { return false }
        guard isHere || hasMailboxRoom(for: queued.accountedBytes, in: shard) else {
          room.close()
          return false
        }
        guard room.take(queued.accountedBytes) else { return false }
        recordEnd(queued.recorded, of: session.number)
        if !isHere { post(queued, to: target, from: session) }
        return true
      }
      guard !taken.isEmpty else { continue }
      account(session)
      if isHere { for queued in taken { give(queued.message, to: target, at: time) } }
    }
    if room.isExhausted { group.keptForAbsentMember() }
  }

  // MARK: From loop to loop

  private func post(_ queued: OutboundFlow.Queued, to target: RouteTarget, from session: ClientSession) {
    let former = RouteTarget(queued, for: session.subscriber)
    let serial = recordDelivery(queued.message, to: target)
    post(.handOn(queued.message, to: target, serial: serial, from: former), to: target.subscriber.shard)
  }

  /// Another loop hands on what waited there for `former`, or gives back, where that is nil, what waited here.
  func handedOn(
    _ message: StoredMessage, to target: RouteTarget, _ serial: UInt64, from former: RouteTarget?, at time: BrokerTime
  ) {
    guard let former else {
      give(message, to: target, serial, at: time)
      return
    }
    let session = session(of: target.subscriber)
    // There may be more than it was given.
    session?.leftWaiting = true
    if let session, hasRoom(for: message, session, target.qos) {
      give(message, to: target, serial, at: time)
    } else {
      recordEnd(serial, of: message, to: target)
      // Whether or not that mailbox is full: no more goes back than came.
      post(
        .handOn(message, to: former, serial: recordDelivery(message, to: former), from: nil),
        to: former.subscriber.shard)
    }
  }

  private func hasRoom(for message: StoredMessage, _ session: ClientSession, _ qos: QoS) -> Bool {
    guard session.connection?.isConnected == true, !broker.memory.isOutputFull(with: message.byteCount) else {
      return false
    }
    var room = room(of: session, qos)
    return room.take(message.byteCount)
  }
}
