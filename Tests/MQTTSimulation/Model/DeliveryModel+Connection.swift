import MQTTBroker
import MQTTProtocol

extension DeliveryModel {
  func receivedConnect(_ connect: ConnectPacket, on connection: ModelConnection, _ step: Int) {
    connection.connect = connect
    connection.version = connect.version
    connection.connectedAt = now
    connection.keepAlive = connect.keepAlive
    connection.window = Int(connect.properties.receiveMaximum ?? .max)
    connection.maximumPacketSize = connect.properties.maximumPacketSize.map { Int($0) } ?? .max
    connection.aliasMaximum = connect.properties.topicAliasMaximum ?? 0
    for other in connections where other.client == connection.client && other !== connection && other.connect != nil {
      if !other.isEnded {
        other.isBeingTakenOver = true
        other.isBeingDiscarded = other.isBeingDiscarded || connect.cleanStart
      }
    }
    // From now on the session may end at any moment, and that brings its will.
    if connect.cleanStart {
      for pending in pendingWills where pending.session.client == connection.client {
        pending.message.notBefore = min(pending.message.notBefore ?? now, now)
      }
    }
  }

  func wroteConnack(_ connack: ConnackPacket, on connection: ModelConnection, _ step: Int) {
    guard let connect = connection.connect, !connection.hasAnswered else {
      return fail("[MQTT-3.2.0-2]", expected: "one CONNACK for a CONNECT", got: "another to \(connection.name)")
    }
    connection.hasAnswered = true
    guard connack.reasonCode == .success else {
      wasRefusedForRoom += 1
      let isForRoom = connack.reasonCode == .quotaExceeded || connack.reasonCode.rawValue == 3
      if !allowsLoss || !isForRoom {
        fail("3.2.2.2", expected: "to be accepted: \(connection.name)", got: "\(connack.reasonCode)")
      }
      return
    }
    connection.isAccepted = true
    connection.acceptedAt = step
    // Nothing was read while it had to wait for its answer.
    connection.lastHeard = now
    if let keepAlive = connack.properties.serverKeepAlive { connection.keepAlive = keepAlive }
    for other in connections where other.client == connection.client && other.isBeingTakenOver && !other.isEnded {
      // [MQTT-3.1.4-3]
      return fail("[MQTT-3.1.4-3]", expected: "\(other.name) to be closed", got: "CONNACK to \(connection.name)")
    }
    let session = session(for: connection, connect, isPresent: connack.sessionPresent, step)
    connection.session = session
    session.connection = connection
    session.disconnectedAt = nil
    session.disconnectedLatest = nil
    session.hasChangedExpiry = false
    session.expiry = connack.properties.sessionExpiryInterval ?? sessionExpiry(of: connect)
    session.smallestPacketLimit = min(session.smallestPacketLimit, connection.maximumPacketSize)
  }

  /// Seconds for which a session of this CONNECT outlives its connection.
  private func sessionExpiry(of connect: ConnectPacket) -> UInt32 {
    guard features.contains(.sessions) else { return 0 }
    if connect.version == .v5 { return connect.properties.sessionExpiryInterval ?? 0 }
    return connect.cleanStart ? 0 : .max
  }

  private func session(
    for connection: ModelConnection, _ connect: ConnectPacket, isPresent: Bool, _ step: Int
  ) -> ModelSession {
    let former = newest[connection.client]
    let isUncertain = self.isUncertain[connection.client]
    self.isUncertain[connection.client] = false
    let formerLife = former?.life(from: connection.connectedAt, to: now) ?? .over
    let life = isUncertain ? .uncertain : formerLife
    if isPresent, connect.cleanStart {
      fail("[MQTT-3.2.2-2]", expected: "no session after Clean Start", got: "Session Present to \(connection.name)")
    }
    if isPresent, life == .over {
      fail("[MQTT-3.2.2-3]", expected: "no session to be present", got: "Session Present to \(connection.name)")
    }
    if !isPresent, life == .alive, !connect.cleanStart {
      if mayEvict {
        lostSessions += 1
      } else {
        fail("[MQTT-3.2.2-2]", expected: "Session Present", got: "a new session to \(connection.name)")
      }
    }
    if isPresent, let former, formerLife != .over {
      // It may be one that was begun without an answer.
      if isUncertain, formerLife == .uncertain { former.doubtSubscriptions(at: step) }
      resumed(former, by: connection)
      return former
    }
    if let former {
      former.end(at: step)
      // The will of a session is due when the session ends, if not before (MQTT 5.0 §3.1.3.2.2).
      for place in pendingWills.indices where pendingWills[place].session === former {
        pendingWills[place].due = min(pendingWills[place].due, connection.connectedAt)
        pendingWills[place].message.notBefore = pendingWills[place].due
      }
    }
    let session = ModelSession(id: sessions.count, client: connection.client)
    sessions.append(session)
    newest[connection.client] = session
    return session
  }

  private func resumed(_ session: ModelSession, by connection: ModelConnection) {
    for pending in pendingWills where pending.session === session {
      // [MQTT-3.1.3-9]; one that came due while CONNACK had to wait may be out.
      if now < pending.due {
        pending.message.isCancelled = true
        cancelledWills.append(pending.message)
      } else {
        forgetRetained(pending.message)
      }
    }
    pendingWills.removeAll { $0.session === session }
    for place in session.inflight.indices {
      let exchange = session.inflight[place]
      guard let message = exchange.message else {
        session.inflight[place].mayBeGone = exchange.qos == .atLeastOnce
        continue
      }
      // Another member of a group has it, or it is too large now.
      if exchange.qos == .atLeastOnce, exchange.mayBeShared { session.inflight[place].mayBeGone = true }
      if Self.size(of: message) > connection.maximumPacketSize { session.inflight[place].mayBeGone = true }
    }
  }

  func receivedDisconnect(_ disconnect: DisconnectPacket, on connection: ModelConnection) {
    connection.disconnect = disconnect
    if connection.version == .v5, features.contains(.sessions),
      let expiry = disconnect.properties.sessionExpiryInterval
    {
      connection.session?.expiry = expiry
      connection.session?.hasChangedExpiry = true
    }
  }

  func wroteDisconnect(_ disconnect: DisconnectPacket, on connection: ModelConnection) {
    guard connection.version == .v5 else {
      return fail("3.1.1 §3.14", expected: "no DISCONNECT from the server", got: "one to \(connection.name)")
    }
    connection.hasSaidGoodbye = disconnect.reasonCode
    let isRight: Bool
    switch disconnect.reasonCode {
    case .sessionTakenOver: isRight = connection.isBeingTakenOver
    case .keepAliveTimeout: isRight = hasExceededKeepAlive(connection)
    case .serverShuttingDown: isRight = isShuttingDown
    case .quotaExceeded: isRight = allowsLoss
    default: isRight = false
    }
    if !isRight {
      fail("4.13", expected: "\(connection.name), which is correct, to stay", got: "\(disconnect.reasonCode)")
    }
  }

  private func hasExceededKeepAlive(_ connection: ModelConnection) -> Bool {
    connection.keepAlive > 0 && now - connection.lastHeard > Int64(connection.keepAlive) * 1_500
  }

  // MARK: Ends

  /// The server closed the network connection.
  func serverClosed(_ connection: ModelConnection) {
    let step = advance()
    guard !connection.isEnded else { return }
    if !hasReasonToClose(connection) {
      let wasRefused = connection.hasAnswered && !connection.isAccepted
      // In 3.1.1 a limit that is reached has no other word.
      if !allowsLoss, !wasRefused {
        fail("4.13", expected: "\(connection.name), which is correct, to stay", got: "its connection closed")
      }
      // What a limit closed the connection for was not taken.
      if connection.received > 0 { doubtLast(of: connection) }
    }
    ended(connection, step)
  }

  /// Whether a server closes a connection in such a case, whatever its limits.
  private func hasReasonToClose(_ connection: ModelConnection) -> Bool {
    if connection.disconnect != nil || connection.isBeingTakenOver || isShuttingDown { return true }
    if let reason = connection.hasSaidGoodbye, reason != .quotaExceeded { return true }
    if hasExceededKeepAlive(connection) { return true }
    if let since = connection.fullSince, now - since > 55_000 { return true }
    return connection.connect == nil && now - connection.connectedAt >= 9_000
  }

  private func doubtLast(of connection: ModelConnection) {
    let message = connection.sent[connection.received - 1]
    message.isDoubtful = true
    // Sent again it may be as good as new.
    guard let session = connection.session, let owed = connection.owed.last, owed.message === message else { return }
    session.inbound[owed.packetIdentifier] = nil
  }

  /// The network connection ended; the server is about to be told.
  func connectionLost(_ connection: ModelConnection) {
    let step = advance()
    if !connection.isEnded { ended(connection, step) }
  }

  func ended(_ connection: ModelConnection, _ step: Int) {
    connection.endedAt = step
    connection.mustEndNow = false
    for owed in connection.owed where owed.message.retain { abandonRetained(owed.message) }
    guard let session = connection.session, session.connection === connection else { return }
    session.connection = nil
    session.disconnectedAt = now
    session.leftStep = step
    let isPlainGoodbye =
      connection.disconnect.map { connection.version != .v5 || $0.reasonCode == .success } ?? false
    if let will = connection.will {
      connection.will = nil
      if isPlainGoodbye {
        // [MQTT-3.14.4-3]
        will.isCancelled = true
        cancelledWills.append(will)
        if !will.acceptances.isEmpty { fail("[MQTT-3.14.4-3]", expected: "no will", got: will.name) }
      } else {
        due(will, of: connection, session, step)
      }
    }
    if session.expiry == 0 { session.end(at: step) }
  }

  /// A will that will be published, now or later [MQTT-3.1.2-8].
  private func due(_ will: ModelMessage, of connection: ModelConnection, _ session: ModelSession, _ step: Int) {
    let wanted = connection.connect?.will?.properties.willDelayInterval ?? 0
    let delay = Int64(min(wanted, session.expiry)) * 1000
    if delay == 0 {
      if will.acceptances.isEmpty {
        will.acceptances.append(.init(step: step, time: now, routed: step))
        expectDelivery(of: will, will.acceptances[0])
        setRetained(will)
      }
    } else {
      will.notBefore = connection.isBeingDiscarded ? now : now + delay
      will.acceptances.append(.init(step: step, time: now + delay, routed: nil))
      beginRetained(will)
      pendingWills.append(
        PendingWill(message: will, session: session, due: now + delay, connection: connection))
    }
  }

  /// A will was written to a subscriber before the end of its connection was seen: the server publishes it while it
  /// closes.
  func seenEarly(_ will: ModelMessage, _ step: Int) {
    guard let connection = will.connection, !connection.isEnded else { return }
    connection.mustEndNow = true
    will.acceptances.append(.init(step: step, time: now, routed: step))
    expectDelivery(of: will, will.acceptances[0])
    setRetained(will)
  }

  /// The event is over in which the server acted.
  func eventEnded() {
    for connection in connections where connection.mustEndNow {
      fail("[MQTT-3.1.2-10]", expected: "no will of \(connection.name), which is connected", got: "it was published")
    }
  }

  /// Settles wills whose time has certainly come.
  func settleWills(slack: Int64 = 3_000) {
    guard !pendingWills.isEmpty else { return }
    for pending in pendingWills where now > pending.due + slack {
      pending.message.acceptances[0].routed = step
      expectDelivery(of: pending.message, pending.message.acceptances[0])
      finishRetained(pending.message)
    }
    pendingWills.removeAll { now > $0.due + slack }
  }
}
