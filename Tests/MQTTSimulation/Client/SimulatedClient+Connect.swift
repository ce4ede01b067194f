import MQTTProtocol

extension SimulatedClient {
  /// What a connection is for.
  enum Purpose {
    case work
    /// To fetch what waits: the session is kept.
    case homecoming
    /// To end the session.
    case farewell
  }

  /// Opens a connection and says CONNECT.
  func connect(_ purpose: Purpose) {
    let hasSessions = world.profile.features.contains(.sessions)
    let startsAfresh = purpose == .farewell || (purpose == .work && world.random.chance(25))
    let cleanStart = !hasSessions || startsAfresh || hasForgotten
    let (link, model) = world.openLink(for: self)
    self.link = link
    self.model = model
    state = .connecting
    inbox = []
    isHoldingAcknowledgements = false
    var connect = ConnectPacket(
      version: version, cleanStart: cleanStart, keepAlive: UInt16(world.random.pick([0, 4, 6, 20])),
      clientIdentifier: identifier)
    keepAlive = Int64(connect.keepAlive)
    if version == .v5 { connect.properties = connectProperties(hasSessions, purpose) }
    if purpose == .work, world.random.chance(40) { connect.will = makeWill(on: model) }
    if cleanStart { forgetSession() }
    hasForgotten = cleanStart
    send(.connect(connect))
    world.plan(.clientKeepsAlive(client: index, link: link.id), in: max(1_000, keepAlive * 250))
  }

  private func connectProperties(_ hasSessions: Bool, _ purpose: Purpose) -> Properties {
    var properties = Properties()
    sessionExpiry = 0
    if hasSessions {
      sessionExpiry = purpose != .work ? 600 : world.random.pick([0, 1, 5, 30, 600, .max])
      if sessionExpiry > 0 || world.random.chance(50) { properties.append(.sessionExpiryInterval(sessionExpiry)) }
    }
    if world.random.chance(40) { properties.append(.receiveMaximum(UInt16(world.random.number(1...5)))) }
    if world.random.chance(8), purpose == .work {
      properties.append(.maximumPacketSize(UInt32(world.random.number(100...300))))
    }
    if world.profile.features.contains(.outboundAliases), world.random.chance(50) {
      properties.append(.topicAliasMaximum(UInt16(world.random.number(1...4))))
    }
    return properties
  }

  private func makeWill(on connection: ModelConnection) -> Will {
    let qos = world.random.pick(QoS.allCases)
    let retain = world.random.chance(30)
    var (properties, expiry) = messageProperties()
    let message = world.model.compose(
      topic: world.random.pick(world.profile.topics), padding: world.random.below(20), publisher: index, qos: qos,
      retain: retain, isWill: true, expiry: expiry, properties: properties.items)
    message.connection = connection
    connection.will = message
    if let expiry { properties.append(.messageExpiryInterval(expiry)) }
    if version == .v5, world.profile.features.contains(.willDelay), world.random.chance(60) {
      properties.append(.willDelayInterval(UInt32(world.random.pick([1, 3, 10]))))
    }
    return Will(topic: message.topic, payload: message.payload, qos: qos, retain: retain, properties: properties)
  }

  /// Properties that go through to subscribers, and seconds until nobody wants the message.
  func messageProperties() -> (Properties, expiry: UInt32?) {
    guard version == .v5 else { return ([], nil) }
    var properties = Properties()
    if world.random.chance(20) { properties.append(.userProperty("k\(world.random.below(3))", "v")) }
    if world.random.chance(10) { properties.append(.contentType("text")) }
    if world.random.chance(10) { properties.append(.responseTopic("r/\(index)")) }
    if world.random.chance(10) { properties.append(.correlationData([UInt8(world.random.below(256))])) }
    if world.random.chance(10) { properties.append(.payloadFormatIndicator(1)) }
    return (properties, world.random.chance(15) ? UInt32(world.random.number(1...10)) : nil)
  }

  func receivedConnack(_ connack: ConnackPacket) {
    guard connack.reasonCode == .success else {
      world.clientCloses(self, isAbrupt: false)
      return
    }
    state = .connected
    hasForgotten = false
    serverReceiveMaximum = version == .v5 ? Int(connack.properties.receiveMaximum ?? .max) : 20
    serverAliasMaximum =
      world.profile.features.contains(.inboundAliases) ? connack.properties.topicAliasMaximum ?? 0 : 0
    sessionExpiry = connack.properties.sessionExpiryInterval ?? sessionExpiry
    if let serverKeepAlive = connack.properties.serverKeepAlive { keepAlive = Int64(serverKeepAlive) }
    if connack.sessionPresent {
      resendAll()
    } else {
      forgetSession()
    }
  }

  private func forgetSession() {
    outgoing = []
    received = []
    filters = []
  }

  /// What was not acknowledged goes again, in its order [MQTT-4.4.0-1].
  private func resendAll() {
    for entry in outgoing {
      if entry.isReleased {
        send(.pubrel(AcknowledgementPacket(packetIdentifier: entry.packetIdentifier)))
      } else {
        send(entry.message, packetIdentifier: entry.packetIdentifier, isDuplicate: true)
      }
    }
  }
}
