import MQTTProtocol

extension BrokerShard {
  func receivedConnect(_ connect: ConnectPacket, on connection: ClientConnection, at time: BrokerTime) {
    switch connection.lifecycle.receivedConnect(at: time.monotonic) {
    case .ignore: return
    case .refuseSecondConnect: refuse(connection, .protocolError, at: time)
    case .checkAndRegister:
      connection.version = connect.version
      var connect = connect
      if let reason = check(&connect, on: connection) {
        statistics.connectionsRefused += 1
        refuseConnect(connection, reason, at: time)
      } else {
        register(connect, on: connection, at: time)
      }
    }
  }

  /// Why the hub does not take this client; gives it a client identifier and its own topic names where it needs them.
  private func check(_ connect: inout ConnectPacket, on connection: ClientConnection) -> ReasonCode? {
    if connect.properties.authenticationMethod != nil { return .badAuthenticationMethod }
    if connect.clientIdentifier.utf8.count > limits.maximumClientIdentifierBytes { return .clientIdentifierNotValid }
    if connect.clientIdentifier.isEmpty {
      // Before 5.0 only a clean session may go without a name [MQTT-3.1.3-8].
      guard connect.version == .v5 || connect.cleanStart else { return .clientIdentifierNotValid }
      connect.clientIdentifier = "hub-" + String(UInt64.random(in: .min ... .max), radix: 36)
      connection.connack = ConnackPacket(
        sessionPresent: false, reasonCode: .success,
        properties: [.assignedClientIdentifier(connect.clientIdentifier)])
    }
    if broker.connectionCount > limits.maximumConnections { return .quotaExceeded }
    connection.clientIdentifier = connect.clientIdentifier
    connection.principal = .anonymous(clientIdentifier: connect.clientIdentifier)
    return checkWill(&connect.will, of: connection)
  }

  private func checkWill(_ will: inout Will?, of connection: ClientConnection) -> ReasonCode? {
    guard let topic = will?.topic else { return nil }
    guard let resolved = resolve(Array(topic.utf8), for: connection), isWithinLevelLimit(resolved) else {
      return .notAuthorized
    }
    let meaning = resolved.withUnsafeBytes { DeviceTopicParser.meaning(of: $0) }
    guard TopicAuthorization.mayPublish(connection.principal, meaning) else { return .notAuthorized }
    will?.topic = String(decoding: resolved, as: UTF8.self)
    return broker.memory.isStateFull(with: will?.stateBytes ?? 0) ? .quotaExceeded : nil
  }

  private func register(_ connect: ConnectPacket, on connection: ClientConnection, at time: BrokerTime) {
    let subscriber = broker.makeSubscriber(
      shard: index, slot: connection.slot, clientIdentifier: connect.clientIdentifier)
    connection.subscriber = subscriber
    connection.will = connect.will
    connection.willBytes = connect.will?.stateBytes ?? 0
    broker.memory.stateChanged(by: connection.willBytes)
    connection.wantsProblemInformation =
      connect.version == .v5 && connect.properties.requestProblemInformation != false
    connection.keepAlive = keepAlive(for: connect)
    let window = min(connect.properties.receiveMaximum ?? .max, limits.maximumInflight)
    connection.outbound = OutboundFlow(window: window)
    if let size = connect.properties.maximumPacketSize { connection.maximumPacketSize = Int(size) }
    connection.connack = acceptance(of: connect, on: connection)

    guard let former = broker.register(subscriber) else {
      accept(connection, at: time)
      return
    }
    statistics.takeOvers += 1
    if former.shard == index {
      if endTakenOver(former, by: subscriber, at: time) {
        accept(connection, at: time)
      } else {
        awaitTakeOver(connection, subscriber)
      }
    } else {
      awaitTakeOver(connection, subscriber)
      post(.takeOver(former, by: subscriber), to: former.shard)
    }
  }

  /// CONNACK waits until the former connection has ended on its own loop [MQTT-3.1.4-3].
  private func awaitTakeOver(_ connection: ClientConnection, _ subscriber: Subscriber) {
    awaited[subscriber.id] = .some(nil)
    connection.lifecycle.beganTakeOver()
    connection.output.pauseReading()
  }

  /// The keep-alive that holds. Only MQTT 5 can be told another than it asked for (Server Keep Alive, §3.2.2.3.14).
  private func keepAlive(for connect: ConnectPacket) -> UInt16 {
    guard connect.version == .v5, limits.maximumKeepAlive != .max else { return connect.keepAlive }
    return connect.keepAlive == 0 ? limits.maximumKeepAlive : min(connect.keepAlive, limits.maximumKeepAlive)
  }

  /// CONNACK with what the hub does otherwise than asked (MQTT 5.0 §3.2.2.3).
  private func acceptance(of connect: ConnectPacket, on connection: ClientConnection) -> ConnackPacket {
    var connack = connection.connack ?? ConnackPacket(sessionPresent: false, reasonCode: .success)
    guard connect.version == .v5 else { return connack }
    connack.properties.items += [
      .receiveMaximum(limits.receiveMaximum), .maximumPacketSize(UInt32(clamping: limits.maximumPacketSize)),
      .sharedSubscriptionAvailable(0),
    ]
    // A session ends with its connection.
    if connect.properties.sessionExpiryInterval ?? 0 != 0 { connack.properties.items.append(.sessionExpiryInterval(0)) }
    if connection.keepAlive != connect.keepAlive {
      connack.properties.items.append(.serverKeepAlive(connection.keepAlive))
    }
    return connack
  }

  func accept(_ connection: ClientConnection, at time: BrokerTime) {
    connection.lifecycle.accepted(keepAlive: connection.keepAlive, at: time.monotonic)
    if let connack = connection.connack {
      write(.connack(connack), to: connection)
      connection.connack = nil
    }
    sink.connected(connection, at: time)
  }

  /// The former connection has ended: its heir is accepted, or whoever took the heir over meanwhile.
  func finishTakeOver(_ subscriber: Subscriber, at time: BrokerTime) {
    if let heir = awaited.removeValue(forKey: subscriber.id) ?? nil {
      if heir.shard == index {
        finishTakeOver(heir, at: time)
      } else {
        post(.takenOver(by: heir), to: heir.shard)
      }
      return
    }
    guard let connection = self.connection(of: subscriber), connection.lifecycle.state == .awaitingTakeOver else {
      // It went away while it waited, and nobody followed.
      broker.unregister(subscriber, filters: [])
      return
    }
    accept(connection, at: time)
    connection.output.resumeReading()
  }

  /// Ends a connection whose session goes on at another. False where it waits for a take-over itself: then `heir` is
  /// told when that is done, so that no two connections of one client live at once.
  func endTakenOver(_ former: Subscriber, by heir: Subscriber, at time: BrokerTime) -> Bool {
    if awaited[former.id] != nil {
      awaited[former.id] = .some(heir)
      if let connection = self.connection(of: former) {
        end(connection, because: .takenOver, publishesWill: false, at: time)
      }
      return false
    }
    guard let connection = self.connection(of: former) else { return true }
    sendDisconnect(.sessionTakenOver, to: connection)
    // The session ends with the connection, and so the will is due [MQTT-3.1.2-8].
    end(connection, because: .takenOver, publishesWill: true, at: time)
    return true
  }

  /// The connection that a subscriber is, if it still is.
  func connection(of subscriber: Subscriber) -> ClientConnection? {
    guard subscriber.shard == index, let connection = connections[subscriber.slot],
      connection.subscriber === subscriber
    else { return nil }
    return connection
  }

  /// Answers CONNECT with a refusal in the client's own version and closes.
  func refuseConnect(_ connection: ClientConnection, _ reason: ReasonCode, at time: BrokerTime) {
    write(.connack(ConnackPacket(sessionPresent: false, reasonCode: reason)), to: connection)
    end(connection, because: .refused(reason), publishesWill: false, at: time)
  }
}

extension Will {
  /// What it counts for while its client is connected.
  fileprivate var stateBytes: Int {
    topic.utf8.count + payload.count + properties.encodedRaw().count + 64 * properties.items.count
  }
}
