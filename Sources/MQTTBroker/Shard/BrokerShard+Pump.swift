import MQTTProtocol

/// What waits for a client goes out as it takes more.
extension BrokerShard {
  /// Writes what waits, as far as window and output allow; first what was in flight when the last connection ended.
  func pump(_ connection: ClientConnection, at time: BrokerTime) {
    guard connection.isConnected, let session = connection.session else { return }
    while !isBlocked(connection), let resend = session.outbound.nextResend() {
      switch resend {
      case .release(let packetIdentifier):
        writeAcknowledgement(.pubrel, packetIdentifier, .success, to: connection)
      case .publish(let queued, let packetIdentifier, let isRepeated):
        if !isRepeated, queued.message.isExpired(at: time) {
          statistics.dropped.expired += 1
          queued.receipt?.couldNotLeave()
          recordEnd(session.outbound.abandoned(packetIdentifier), of: session.number)
          continue
        }
        // Also where its Message Expiry Interval has passed: its delivery had begun [MQTT-4.4.0-1], [MQTT-4.3.3-7].
        write(queued, as: packetIdentifier, isRepeated: isRepeated, to: connection, session, at: time)
      }
    }
    // What waits behind does not wait for them to end: they could wait for room that it takes.
    continueRetained(connection, session, at: time)
    while !isBlocked(connection), let queued = session.outbound.next() {
      if queued.message.isExpired(at: time) {
        statistics.dropped.expired += 1
        queued.receipt?.couldNotLeave()
        recordEnd(queued.recorded, of: session.number)
      } else {
        write(queued, to: connection, session, at: time)
      }
    }
    account(session)
    if session.leftWaiting, !session.isWaiting {
      session.leftWaiting = false
      takeWaiting(for: session, at: time)
    }
  }

  /// Writes a message that waited, or begins to: under its identifier where it has one.
  func write(
    _ queued: OutboundFlow.Queued, as packetIdentifier: UInt16? = nil, isRepeated: Bool = false,
    to connection: ClientConnection, _ session: ClientSession, at time: BrokerTime
  ) {
    if packetIdentifier == nil, beginsBeforeWriting(queued.qos, session) {
      begin(queued, to: connection, session)
      return
    }
    let message = queued.message
    message.payload.withUnsafeBytes { payload in
      message.properties.withUnsafeBytes { properties in
        let outgoing = OutgoingMessage(
          topic: message.topic, payload: payload, properties: properties, qos: queued.qos, retain: queued.retain,
          identifiers: queued.identifiers, isByMe: queued.isByMe, receipt: queued.receipt,
          secondsLeft: message.secondsLeft(at: time), packetIdentifier: packetIdentifier, isRepeated: isRepeated)
        let keeps =
          packetIdentifier == nil && queued.qos != .atMostOnce
          && (session.isDurable || queued.share != nil)
        write(outgoing, keeping: keeps ? queued : nil, to: connection, session)
      }
    }
  }
}
