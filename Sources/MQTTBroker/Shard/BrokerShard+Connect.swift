package import MQTTProtocol

extension BrokerShard {
  func receivedConnect(_ connect: ConnectPacket, on connection: ClientConnection, at time: BrokerTime) {
    switch connection.lifecycle.receivedConnect(at: time.monotonic) {
    case .ignore: return
    case .refuseSecondConnect: refuse(connection, .protocolError, at: time)
    case .checkAndRegister:
      statistics.connectsReceived += 1
      connection.version = connect.version
      var connect = connect
      let isUnnamed = connect.clientIdentifier.isEmpty
      if let reason = check(&connect, on: connection) {
        statistics.connectionsRefused += 1
        refuseConnect(connection, reason, at: time)
      } else {
        register(connect, isUnnamed: isUnnamed, on: connection, at: time)
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
    }
    // Claims that wait may be those of connections that are gone.
    if max(broker.connectionCount, awaited.count + 1) > limits.maximumConnections { return .quotaExceeded }
    // Whoever has a session already brings no further one.
    if expiryInterval(for: connect) != 0, broker.sessionCount >= limits.maximumSessions,
      !broker.hasClaim(to: connect.clientIdentifier)
    {
      return .quotaExceeded
    }
    connection.clientIdentifier = connect.clientIdentifier
    connection.principal = .anonymous(clientIdentifier: connect.clientIdentifier)
    return checkWill(&connect.will, of: connection)
  }

  private func checkWill(_ will: inout Will?, of connection: ClientConnection) -> ReasonCode? {
    guard let topic = will?.topic else { return nil }
    guard isWithinLevelLimit(Array(topic.utf8)) else { return .topicNameInvalid }
    guard let resolved = resolve(Array(topic.utf8), for: connection) else { return .notAuthorized }
    let meaning = resolved.withUnsafeBytes { DeviceTopicParser.meaning(of: $0) }
    guard TopicAuthorization.mayPublish(connection.principal, meaning) else { return .notAuthorized }
    if limits.validatesPayloadFormat, will?.properties.payloadIsUTF8 == true,
      String(validating: will?.payload ?? [], as: UTF8.self) == nil
    {
      return .payloadFormatInvalid
    }
    will?.topic = String(decoding: resolved, as: UTF8.self)
    return broker.memory.isStateFull(with: will?.stateBytes ?? 0) ? .quotaExceeded : nil
  }

  private func register(
    _ connect: ConnectPacket, isUnnamed: Bool, on connection: ClientConnection, at time: BrokerTime
  ) {
    let isNew = connect.version == .v5
    connection.wantsProblemInformation = isNew && connect.properties.requestProblemInformation != false
    connection.keepAlive = keepAlive(for: connect)
    if let size = connect.properties.maximumPacketSize { connection.maximumPacketSize = Int(size) }
    connection.hadNoSessionExpiry = (connect.properties.sessionExpiryInterval ?? 0) == 0
    connection.outboundAliases = OutboundTopicAliases(
      maximum: min(connect.properties.topicAliasMaximum ?? 0, limits.maximumOutboundTopicAliases))
    let willBytes = connect.will?.stateBytes ?? 0
    broker.memory.stateChanged(by: willBytes)
    connection.request = SessionRequest(
      cleanStart: connect.cleanStart, expiryInterval: expiryInterval(for: connect),
      window: min(connect.properties.receiveMaximum ?? .max, limits.maximumInflight), will: connect.will,
      willBytes: willBytes, connack: acceptance(of: connect, isUnnamed: isUnnamed, on: connection))
    let claim = ClientClaim(
      id: broker.nextIdentity(), shard: index, connectionSlot: connection.slot,
      clientIdentifier: connect.clientIdentifier)
    connection.claim = claim
    guard let former = broker.register(claim) else {
      beginBehindMail(connection, claim, at: time)
      return
    }
    // CONNACK waits until the former connection has ended on its own loop [MQTT-3.1.4-3].
    awaited[claim.id] = .some(nil)
    connection.lifecycle.beganTakeOver()
    let heir = Heir(claim: claim, discardsSession: connect.cleanStart)
    if former.shard == index {
      yield(former, to: heir, at: time)
    } else {
      post(.claim(former: former, heir: heir), to: former.shard)
    }
    if connection.lifecycle.state == .awaitingTakeOver { pause(connection) }
  }

  /// Begins a session where nobody had the client identifier. What the client published from another loop before it left
  /// may still wait here, and comes first [MQTT-4.6.0-6].
  private func beginBehindMail(_ connection: ClientConnection, _ claim: ClientClaim, at time: BrokerTime) {
    guard mailbox.waiting > 0 else {
      begin(connection, resuming: nil, at: time)
      return
    }
    awaited[claim.id] = .some(nil)
    connection.lifecycle.beganTakeOver()
    pause(connection)
    post(.grant(claim, nil), to: index)
  }

  /// Seconds for which the session outlives its connection (MQTT 5.0 §3.1.2.11.2; 3.1.1: Clean Session).
  private func expiryInterval(for connect: ConnectPacket) -> UInt32 {
    guard connect.version == .v5 else { return connect.cleanStart ? 0 : limits.maximumSessionExpiry }
    return min(connect.properties.sessionExpiryInterval ?? 0, limits.maximumSessionExpiry)
  }

  /// The keep-alive that holds. Only MQTT 5 can be told another than it asked for (Server Keep Alive, §3.2.2.3.14).
  private func keepAlive(for connect: ConnectPacket) -> UInt16 {
    guard connect.version == .v5, limits.maximumKeepAlive != .max else { return connect.keepAlive }
    return connect.keepAlive == 0 ? limits.maximumKeepAlive : min(connect.keepAlive, limits.maximumKeepAlive)
  }

  /// CONNACK with what the hub does otherwise than asked (MQTT 5.0 §3.2.2.3).
  private func acceptance(
    of connect: ConnectPacket, isUnnamed: Bool, on connection: ClientConnection
  ) -> ConnackPacket {
    var connack = ConnackPacket(sessionPresent: false, reasonCode: .success)
    guard connect.version == .v5 else { return connack }
    if isUnnamed { connack.properties.append(.assignedClientIdentifier(connect.clientIdentifier)) }
    connack.properties.append(.receiveMaximum(connection.receiveMaximum))
    connack.properties.append(.maximumPacketSize(UInt32(clamping: connection.acceptedPacketSize)))
    if limits.topicAliasMaximum > 0 { connack.properties.append(.topicAliasMaximum(limits.topicAliasMaximum)) }
    let expiryInterval = expiryInterval(for: connect)
    if expiryInterval != connect.properties.sessionExpiryInterval ?? 0 {
      connack.properties.append(.sessionExpiryInterval(expiryInterval))
    }
    if connection.keepAlive != connect.keepAlive {
      connack.properties.append(.serverKeepAlive(connection.keepAlive))
    }
    if connect.properties.requestResponseInformation == true {
      connack.properties.append(.responseInformation(ReplyPrefix.prefix(for: connect.clientIdentifier)))
    }
    return connack
  }

  /// The claim is this connection's: it gets a session, `resuming` where one goes on, and its CONNACK when that is
  /// committed.
  func begin(_ connection: ClientConnection, resuming former: ClientSession?, at time: BrokerTime) {
    guard var request = connection.request, let claim = connection.claim else { return }
    connection.request = nil
    let session = former ?? makeSession(for: claim, expiryInterval: request.expiryInterval)
    session.claim = claim
    claim.holds(sessionSlot: session.slot)
    session.connection = connection
    statistics.sessionsConnected += 1
    connection.session = session
    session.expiryInterval = request.expiryInterval
    session.expiresAt = nil
    // A will that was put off does not come: its client is back [MQTT-3.1.3-9].
    dropWill(of: session)
    session.will = request.will
    session.willBytes = request.willBytes
    session.outbound.connected(window: request.window, limits: limits, at: time.monotonic)
    request.connack.sessionPresent = former != nil
    // A will alone is kept too, so that the hub's own end is no quieter than a lost connection.
    if session.isDurable || session.will != nil {
      session.isRecorded = true
      record(
        .began(
          session: session.number, clientIdentifier: session.clientIdentifier,
          expiryInterval: session.expiryInterval, will: session.will), isAwaited: session.isDurable)
    }
    let connack = request.connack
    if isCommitted(at: time) {
      accept(connection, connack, at: time)
    } else {
      // Nothing is read meanwhile, so that CONNACK comes first.
      connection.lifecycle.beganTakeOver()
      pause(connection)
      unheldEffects.append(.accept(connection, connack))
    }
  }

  func accept(_ connection: ClientConnection, _ connack: ConnackPacket, at time: BrokerTime) {
    guard !connection.isClosed, let session = connection.session else { return }
    var connack = connack
    // A reserved byte in MQTT 3.1.
    if connection.version == .v3_1 { connack.sessionPresent = false }
    guard ControlPacket.connack(connack).encodedSize(version: connection.version) <= connection.maximumPacketSize else {
      // Without its CONNACK it is no connection, and there is nothing smaller to say.
      end(connection, because: .refused(.packetTooLarge), publishesWill: false, at: time)
      return
    }
    connection.lifecycle.accepted(keepAlive: connection.keepAlive, at: time.monotonic)
    write(.connack(connack), to: connection)
    session.subscriber.connectionChanged(to: true)
    sink.connected(connection, at: time)
    for (filter, entry) in session.subscriptions where entry.isExact && entry.share == nil {
      if case .device(let topic) = filter.withUnsafeBytes({ DeviceTopicParser.meaning(of: $0) }) {
        sink.subscribed(connection, to: topic, qos: entry.qos, at: time)
      }
    }
    pump(connection, at: time)
    if session.hasSharedSubscriptions { takeWaiting(for: session, at: time) }
    if connection.isPaused {
      connection.isPaused = false
      resuming.append(connection)
    }
  }

  func pause(_ connection: ClientConnection) {
    connection.isPaused = true
    connection.output.pauseReading()
  }

  /// Refuses a CONNECT for a reason of its listener's.
  package func refuse(
    _ connect: ConnectPacket, _ reason: ReasonCode, on connection: ClientConnection, at time: BrokerTime
  ) {
    connection.version = connect.version
    statistics.packetsReceived += 1
    statistics.connectsReceived += 1
    statistics.connectionsRefused += 1
    refuseConnect(connection, reason, at: time)
  }

  /// Answers CONNECT with a refusal in the client's own version and closes.
  func refuseConnect(_ connection: ClientConnection, _ reason: ReasonCode, at time: BrokerTime) {
    write(.connack(ConnackPacket(sessionPresent: false, reasonCode: reason)), to: connection)
    end(connection, because: .refused(reason), publishesWill: false, at: time)
  }
}

extension Will {
  /// What it counts for while it may be published.
  var stateBytes: Int {
    topic.utf8.count + payload.count + properties.encodedRaw().count + 64 * properties.items.count
  }
}
