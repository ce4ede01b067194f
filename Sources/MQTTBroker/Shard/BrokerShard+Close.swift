import Durability
import MQTTProtocol

extension BrokerShard {
  func receivedDisconnect(_ disconnect: DisconnectPacket, on connection: ClientConnection, at time: BrokerTime) {
    // Only a plain DISCONNECT discards the will [MQTT-3.14.4-3].
    let publishesWill = connection.version == .v5 && disconnect.reasonCode != .success
    end(connection, because: .byClient, publishesWill: publishesWill, at: time)
  }

  /// The client broke the protocol or a limit: say so where the protocol can, and close.
  func refuse(_ connection: ClientConnection, _ reason: ReasonCode, at time: BrokerTime) {
    guard !connection.isClosed else { return }
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
    sendDisconnect(reason, to: connection)
    end(connection, because: .refused(reason), publishesWill: true, at: time)
  }

  /// DISCONNECT from the server, which only MQTT 5 has.
  func sendDisconnect(_ reason: ReasonCode, to connection: ClientConnection) {
    // Before CONNACK there is no DISCONNECT [MQTT-3.14.0-1].
    guard connection.version == .v5, connection.isConnected else { return }
    write(.disconnect(DisconnectPacket(reasonCode: reason)), to: connection)
  }

  /// Ends a connection once, whatever the cause; everything that hangs on it goes with it.
  func end(
    _ connection: ClientConnection, because reason: DisconnectReason, publishesWill: Bool, at time: BrokerTime
  ) {
    let wasConnected = connection.isConnected
    guard connection.lifecycle.closed() else { return }
    statistics.connections -= 1
    broker.connectionCountChanged(by: -1)
    connection.outbound.closed()
    account(connection)
    connections[connection.slot] = nil
    freeSlots.append(connection.slot)
    if wasConnected {
      sink.disconnected(connection, because: reason, at: time)
      if publishesWill { publishWill(of: connection, at: time) }
    }
    // Last, so that whoever finds the name free finds its former owner's end and will behind it.
    if let subscriber = connection.subscriber {
      // Who waits for a take-over keeps the name until that is done: the next one has to wait as well.
      if awaited[subscriber.id] == nil { broker.unregister(subscriber, filters: connection.subscriptions.keys) }
      statistics.subscriptions -= connection.subscriptions.count
      let bytes = connection.subscriptions.keys.reduce(0) { $0 + Self.stateBytes(of: $1) }
      broker.memory.stateChanged(by: -bytes - connection.willBytes)
      connection.willBytes = 0
      connection.subscriptions.removeAll()
    }
    willFlush(connection)
    connection.output.close()
  }

  func publishWill(of connection: ClientConnection, at time: BrokerTime) {
    guard let will = connection.will else { return }
    connection.will = nil
    var properties = will.properties
    let lifetime = properties.messageExpiryInterval.map { Int64($0) * 1000 }
    properties.items.removeAll {
      if case .willDelayInterval = $0 { return true }
      return false
    }
    publish(
      HubPublish(
        topic: Array(will.topic.utf8), payload: will.payload, qos: will.qos, retain: will.retain,
        properties: properties, lifetime: lifetime, isForSink: true))
    // At once: what the session's next connection says must not be overtaken by the last word of this one.
    performHubPublishes(at: time)
  }
}
