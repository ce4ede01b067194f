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
      case .publish(let queued, let packetIdentifier):
        // Also where its Message Expiry Interval has passed: its delivery had begun [MQTT-4.4.0-1], [MQTT-4.3.3-7].
        write(queued, again: packetIdentifier, to: connection, session, at: time)
      }
    }
    // What waits behind does not wait for them to end: they could wait for room that it takes.
    continueRetained(connection, session, at: time)
    while !isBlocked(connection), let queued = session.outbound.next() {
      if queued.message.isExpired(at: time) {
        statistics.dropped.expired += 1
        queued.receipt?.couldNotLeave()
      } else {
        write(queued, again: nil, to: connection, session, at: time)
      }
    }
    account(session)
    if session.leftWaiting, !session.isWaiting {
      session.leftWaiting = false
      takeWaiting(for: session, at: time)
    }
  }

  /// Writes a message that waited; `again` is its identifier where it was sent before.
  func write(
    _ queued: OutboundFlow.Queued, again packetIdentifier: UInt16?, to connection: ClientConnection,
    _ session: ClientSession, at time: BrokerTime
  ) {
    let message = queued.message
    message.payload.withUnsafeBytes { payload in
      message.properties.withUnsafeBytes { properties in
        let outgoing = OutgoingMessage(
          topic: message.topic, payload: payload, properties: properties, qos: queued.qos, retain: queued.retain,
          identifiers: queued.identifiers, isByMe: queued.isByMe, receipt: queued.receipt,
          secondsLeft: message.secondsLeft(at: time), packetIdentifier: packetIdentifier)
        let keeps =
          packetIdentifier == nil && queued.qos != .atMostOnce
          && (session.isPersistent || queued.share != nil)
        write(outgoing, keeping: keeps ? queued : nil, to: connection, session)
      }
    }
  }
}
