import MQTTProtocol

/// One connection as its client sees it: what the hub was given, and whether what it writes may follow from that.
final class ConnectionModel {
  private enum Phase {
    case awaitingConnect
    case awaitingConnack
    case connected
    case ended
  }

  let hub: HubModel
  private var phase = Phase.awaitingConnect
  private(set) var connect: ConnectPacket?
  var version = ProtocolVersion.v3_1_1
  var topics = ClientTopics(clientIdentifier: "")
  var session: SessionModel?
  var answers = OwedAnswers()
  var pings = 0
  /// QoS 1 and 2 messages sent on this connection whose exchange is not over.
  var unacknowledged: Set<UInt16> = []
  var lastResent = 0
  /// Aliases that the client set, and those that the hub set.
  var inboundAliases: [UInt16: [UInt8]] = [:]
  var outboundAliases: [UInt16: [UInt8]] = [:]
  /// Something the client sent was no packet: answers may be missing from there on.
  private(set) var hasFault = false
  private var hasSaidGoodbye = false
  /// The client has sent DISCONNECT.
  private var hasLeft = false

  init(hub: HubModel) { self.hub = hub }

  var isConnected: Bool { phase == .connected }

  var isEnded: Bool { phase == .ended }

  /// The hub said that it will end it, or there was too little room in a packet for that.
  var isToldOfEnd: Bool { hasSaidGoodbye || (connect?.properties.maximumPacketSize).map { $0 < 8 } ?? false }

  // MARK: What the hub was given

  func gave(_ packet: ControlPacket) {
    // The hub may still owe something when DISCONNECT comes; nothing that comes behind it counts.
    guard phase == .connected, !hasLeft else { return }
    if case .disconnect = packet { hasLeft = true }
    gaveWhileConnected(packet)
  }

  func gaveFault() { hasFault = true }

  /// `identifier` is what the hub calls the client, which a client of 3.1.1 without a name never hears.
  func gave(_ connect: ConnectPacket, as identifier: String) {
    guard phase == .awaitingConnect else { return }
    phase = .awaitingConnack
    self.connect = connect
    version = connect.version
    topics = ClientTopics(clientIdentifier: identifier)
    // Refused before it got a name.
    guard !identifier.isEmpty else { return }
    hub.clientIdentifiers.insert(identifier)
    hub.session(of: identifier).claimed()
    guard let will = connect.will else { return }
    hub.published.add(
      PublishedMessages.Content(topic: topics.resolved(Array(will.topic.utf8)), payload: will.payload),
      MessageForm(qos: will.qos, retain: will.retain, properties: will.properties))
  }

  // MARK: What the hub wrote

  func wrote(_ bytes: [UInt8], _ version: ProtocolVersion) throws(FuzzFinding) {
    try expect(phase != .ended, "a packet on a connection that has ended: \(bytes)")
    try expect(!hasSaidGoodbye, "a packet after DISCONNECT: \(bytes)")
    let packet = try WrittenPacket.decode(bytes, version: version)
    if let limit = connect?.properties.maximumPacketSize {
      try expect(bytes.count <= Int(limit), "\(bytes.count) bytes to a client that takes \(limit): \(packet)")
    }
    guard phase == .connected else {
      try wroteFirst(packet)
      return
    }
    try expect(version == self.version, "\(packet) in \(version) to a client of \(self.version)")
    if case .disconnect = packet {
      try expect(version == .v5, "DISCONNECT to a client of \(version)")
      hasSaidGoodbye = true
      return
    }
    try wroteWhileConnected(packet)
  }

  private func wroteFirst(_ packet: ControlPacket) throws(FuzzFinding) {
    guard case .connack(let connack) = packet else { throw FuzzFinding("the first packet is \(packet)") }
    guard connack.reasonCode == .success else {
      // Nothing may follow but the end.
      hasSaidGoodbye = true
      hub.sessions[topics.clientIdentifier]?.refused()
      return
    }
    guard let connect, phase == .awaitingConnack else { throw FuzzFinding("accepted without CONNECT") }
    phase = .connected
    let identifier = topics.clientIdentifier
    let assigned = connack.properties.assignedClientIdentifier
    try expect(
      assigned == (version == .v5 && connect.clientIdentifier.isEmpty ? identifier : nil),
      "assigned \(assigned ?? "no name") to \(connect.clientIdentifier), which is \(identifier)")
    try begin(connect, connack, identifier)
  }

  private func begin(
    _ connect: ConnectPacket, _ connack: ConnackPacket, _ identifier: String
  ) throws(FuzzFinding) {
    let former = hub.sessions[identifier]
    let mustLive = former?.mustLive(at: hub.now) == true
    let session: SessionModel
    if connack.sessionPresent {
      try expect(!connect.cleanStart, "Session Present after a clean start")  // [MQTT-3.2.2-2]
      try expect(connect.version != .v3_1, "Session Present to a client of 3.1")
      guard let former, former.mayLive else { throw FuzzFinding("Session Present where there is none") }
      session = former
    } else if connect.version == .v3_1, !connect.cleanStart, let former {
      // It is told neither way.
      session = former
    } else {
      if mustLive && !connect.cleanStart { hub.lostSessions += 1 }
      try expect(hub.lostSessions <= hub.evictedSessions, "the session of \(identifier) is lost")
      session = SessionModel()
    }
    hub.sessions[identifier] = session
    self.session = session
    session.accepted(
      expiryInterval: expiryInterval(connect, connack),
      mayDrop: connect.properties.maximumPacketSize != nil || !mustLive || hub.evictedSessions > hub.lostSessions)
    for (identifier, exchange) in session.exchanges where exchange.stage == .awaitingComplete {
      answers.owe(.pubrel, identifier)
    }
  }

  private func expiryInterval(_ connect: ConnectPacket, _ connack: ConnackPacket) -> UInt32 {
    guard connect.version == .v5 else { return connect.cleanStart ? 0 : hub.maximumSessionExpiry }
    return connack.properties.sessionExpiryInterval ?? connect.properties.sessionExpiryInterval ?? 0
  }

  // MARK: The end

  func ended() {
    phase = .ended
    guard let session else { return }
    self.session = nil
    session.isConnected = false
    session.expiresAt =
      session.expiryInterval == .max ? nil : hub.now + Int64(session.expiryInterval) * 1_000
  }

  /// Call where everything is committed and nothing waits anywhere.
  func checkAtRest() throws(FuzzFinding) {
    try expect(phase == .ended || !hasSaidGoodbye, "said to end, and still open")
    guard phase == .connected, !hasFault, connect?.properties.maximumPacketSize == nil else { return }
    try expect(answers.unpaid.isEmpty, "never answered: \(answers.unpaid)")
    try expect(pings == 0, "PINGREQ was never answered")
    guard unacknowledged.isEmpty, let session else { return }
    let forgotten = session.exchanges.filter {
      $0.value.isCarried && !$0.value.mayBeReleased && $0.value.stage != .awaitingComplete
    }
    try expect(forgotten.isEmpty, "never sent again: \(forgotten)")  // [MQTT-4.4.0-1]
  }
}
