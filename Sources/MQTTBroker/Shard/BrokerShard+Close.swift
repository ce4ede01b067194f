import MQTTProtocol

extension BrokerShard {
  func receivedDisconnect(
    _ disconnect: DisconnectPacket, on connection: ClientConnection, _ session: ClientSession, at time: BrokerTime
  ) {
    if connection.version == .v5 {
      guard disconnect.reasonCode.isSentByClient else {
        refuse(connection, .protocolError, at: time)
        return
      }
      if let interval = disconnect.properties.sessionExpiryInterval {
        // A session that was to end with its connection cannot be kept afterwards (§3.14.2.2.2).
        guard interval == 0 || !connection.hadNoSessionExpiry else {
          refuse(connection, .protocolError, at: time)
          return
        }
        session.expiryInterval = min(interval, limits.maximumSessionExpiry)
      }
    }
    // Only a plain DISCONNECT discards the will [MQTT-3.14.4-3].
    let publishesWill = connection.version == .v5 && disconnect.reasonCode != .success
    guard hasEffects(of: connection) else {
      end(connection, because: .byClient, publishesWill: publishesWill, at: time)
      return
    }
    // What came before it is acknowledged before the connection closes.
    connection.publishesWillAtEnd = publishesWill
    connection.lifecycle.beganToDisconnect()
    unheldEffects.append(.disconnect(connection))
  }

  /// The client broke the protocol or a limit: say so where the protocol can, and close.
  func refuse(_ connection: ClientConnection, _ reason: ReasonCode, at time: BrokerTime) {
    guard !connection.isClosed else { return }
    if reason != .quotaExceeded { statistics.protocolErrors += 1 }
    if connection.isAwaitingConnect {
      // Before CONNECT there is nobody to say anything to, but an unknown protocol level is answered
      // [MQTT-3.1.2-2].
      if reason == .unsupportedProtocolVersion {
        refuseConnect(connection, reason, at: time)
      } else {
        end(connection, because: .refused(reason), publishesWill: false, at: time)
      }
      return
    }
    // A second CONNECT is a protocol error whatever it asks for [MQTT-3.1.0-2]; DISCONNECT has no code for its version.
    let reason = reason == .unsupportedProtocolVersion ? ReasonCode.protocolError : reason
    sendDisconnect(reason, to: connection)
    end(connection, because: .refused(reason), publishesWill: true, at: time)
  }

  /// DISCONNECT from the server, which only MQTT 5 has.
  func sendDisconnect(_ reason: ReasonCode, to connection: ClientConnection) {
    // Before CONNACK there is no DISCONNECT [MQTT-3.14.0-1].
    guard connection.version == .v5, connection.isConnected else { return }
    write(.disconnect(DisconnectPacket(reasonCode: reason)), to: connection)
  }

  /// Ends a connection once, whatever the cause; what hangs on it goes with it, its session where that does not stay.
  func end(
    _ connection: ClientConnection, because reason: DisconnectReason, publishesWill: Bool, at time: BrokerTime
  ) {
    let wasConnected = connection.isConnected || connection.publishesWillAtEnd != nil
    // It has said how it ends, whatever ends it now.
    let publishesWill = connection.publishesWillAtEnd ?? publishesWill
    let reason = connection.publishesWillAtEnd == nil ? reason : .byClient
    guard connection.lifecycle.closed() else { return }
    statistics.connections -= 1
    broker.connectionCountChanged(by: -1)
    connection.claim?.connectionEnded()
    connections[connection.slot] = nil
    freeSlots.append(connection.slot)
    if wasConnected { sink.disconnected(connection, because: reason, at: time) }
    broker.memory.stateChanged(
      by: -connection.inboundAliases.byteCount - connection.outboundAliases.byteCount
        - (connection.request?.willBytes ?? 0))
    connection.inboundAliases = InboundTopicAliases()
    connection.outboundAliases = OutboundTopicAliases()
    connection.request = nil
    if let session = connection.session {
      connection.session = nil
      // Its will stands since it has the session, whether or not its CONNACK has left.
      leave(session, publishesWill: publishesWill, at: time)
    }
    willFlush(connection)
    connection.output.close()
  }
}

extension ReasonCode {
  /// Whether a client may say it in DISCONNECT (MQTT 5.0 §3.14.2.1).
  fileprivate var isSentByClient: Bool {
    switch rawValue {
    case 0x00, 0x04, 0x80...0x83, 0x90, 0x93...0x99: true
    default: false
    }
  }
}
