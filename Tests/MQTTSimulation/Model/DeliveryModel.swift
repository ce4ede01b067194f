import MQTTBroker
import MQTTProtocol

/// What MQTT promises, kept beside the server and apart from it: who must and who may get which message.
///
/// It sees what crosses the server's edge (whole packets in, whole packets out, ends of connections) and what clients
/// hand to their applications. Whatever is not certain from there, because asking and answering take time, is allowed
/// either way; everything else must be as the specification says.
final class DeliveryModel {
  struct PendingWill {
    let message: ModelMessage
    let session: ModelSession
    var due: Int64
    let connection: ModelConnection
  }

  let allowsLoss: Bool
  let limitsRetained: Bool
  /// Whether a client may lose its session to the limit of all clients' memory.
  let mayEvict: Bool
  let features: SimulationFeatures
  /// Counts what the model was shown.
  private(set) var step = 0
  /// Virtual milliseconds.
  var now: Int64 = 0
  let start: Int64
  private(set) var failure: SimulationFailure?
  private(set) var messages: [ModelMessage] = []
  var connections: [ModelConnection] = []
  var sessions: [ModelSession] = []
  /// The newest session of each client.
  var newest: [ModelSession?]
  var topics = ModelTopics()
  var retained: [String: RetainedTopic] = [:]
  var retainedNames: [String] = []
  var pendingWills: [PendingWill] = []
  var wasRefusedForRoom = 0
  /// Sessions that were gone before their time.
  var lostSessions = 0
  var isShuttingDown = false
  /// Up to which step everything was on disk, and what was retained then.
  var durableStep = 0
  /// What was retained since, by topic.
  var recentlyRetained: [String: [ModelMessage]] = [:]
  /// How often the hub died.
  var deaths = 0
  var durableRetained: [String: RetainedTopic] = [:]
  /// Wills that their clients took back since.
  var cancelledWills: [ModelMessage] = []
  /// Wills that may come, until then, or may have come, since the hub died.
  var doubtedWills: [(will: ModelMessage, until: Int64)] = []
  /// By client, whether a CONNECT may have been taken that was never answered.
  var isUncertain: [Bool]
  /// Milliseconds after which what a connection left behind is settled.
  static let settledAfter: Int64 = 5_000

  init(profile: SimulationProfile, clients: Int, now: Int64) {
    allowsLoss = profile.allowsLoss
    limitsRetained = profile.limitsRetained
    mayEvict = profile.limits.totalOutputBytes < BrokerLimits().totalOutputBytes
    features = profile.features
    isUncertain = Array(repeating: false, count: clients)
    newest = Array(repeating: nil, count: clients)
    self.now = now
    start = now
  }

  /// Stands for all that the model was shown.
  private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325

  func advance() -> Int {
    step += 1
    return step
  }

  private func note(_ packet: ControlPacket, _ size: Int, _ connection: ModelConnection) {
    let word = UInt64(now) << 24 ^ UInt64(size) << 16 ^ UInt64(packet.type.rawValue) << 8 ^ UInt64(connection.id)
    digest = (digest ^ word) &* 0x100_0000_01b3
  }

  /// Notes where run and specification part; the first time counts.
  func fail(_ clause: String, expected: String, got: String) {
    guard failure == nil else { return }
    failure = SimulationFailure(clause: clause, expected: expected, got: got, time: now - start)
  }

  // MARK: What clients compose

  func compose(
    topic: String, padding: Int, isClear: Bool = false, publisher: Int, qos: QoS, retain: Bool, isWill: Bool = false,
    expiry: UInt32? = nil, properties: [Property] = []
  ) -> ModelMessage {
    let id = messages.count
    let payload = isClear ? [] : Array("\(id):".utf8) + Array(repeating: UInt8(ascii: "."), count: padding)
    let message = ModelMessage(
      id: id, topic: topic, payload: payload, publisher: publisher, qos: qos, retain: retain, isWill: isWill,
      expiry: expiry, properties: properties)
    messages.append(message)
    return message
  }

  func opened(client: Int) -> ModelConnection {
    let connection = ModelConnection(id: connections.count, client: client)
    connection.lastHeard = now
    connection.connectedAt = now
    connections.append(connection)
    return connection
  }

  /// A client puts a publish on its way.
  func clientSends(_ message: ModelMessage, on connection: ModelConnection) { connection.sent.append(message) }

  // MARK: The server's edge

  /// A whole packet is about to be handed to the server.
  func serverReceived(_ packet: ControlPacket, on connection: ModelConnection) {
    let step = advance()
    connection.lastHeard = now
    switch packet {
    case .connect(let connect): receivedConnect(connect, on: connection, step)
    case .publish(let publish): receivedPublish(publish, on: connection, step)
    case .puback(let puback): endExchange(puback.packetIdentifier, .atLeastOnce, on: connection)
    case .pubrec(let pubrec):
      if pubrec.reasonCode.isError {
        endExchange(pubrec.packetIdentifier, .exactlyOnce, on: connection)
      } else if let session = connection.session,
        let place = session.inflight.firstIndex(where: { $0.packetIdentifier == pubrec.packetIdentifier })
      {
        session.inflight[place].isReleased = true
      }
    case .pubcomp(let pubcomp): endExchange(pubcomp.packetIdentifier, .exactlyOnce, on: connection)
    case .pubrel(let pubrel):
      connection.session?.inbound[pubrel.packetIdentifier] = nil
      connection.owedPubcomps.append(pubrel.packetIdentifier)
    case .subscribe(let subscribe): receivedSubscribe(subscribe, on: connection, step)
    case .unsubscribe(let unsubscribe): receivedUnsubscribe(unsubscribe, on: connection, step)
    case .pingreq: connection.owedPings += 1
    case .disconnect(let disconnect): receivedDisconnect(disconnect, on: connection)
    case .connack, .suback, .unsuback, .pingresp, .auth: break
    }
  }

  private func endExchange(_ packetIdentifier: UInt16, _ qos: QoS, on connection: ModelConnection) {
    if qos == .exactlyOnce { connection.session?.completed.insert(packetIdentifier) }
    connection.session?.inflight.removeAll { $0.packetIdentifier == packetIdentifier && $0.qos == qos }
    connection.open.removeAll { $0 == packetIdentifier }
  }

  /// The server read something that it takes for no packet.
  func serverCannotRead(_ error: MQTTDecodeError, on connection: ModelConnection) {
    fail("4.13", expected: "to read what a correct client sends", got: "\(error.explanation) from \(connection.name)")
  }

  /// The server wrote a whole packet.
  func serverWrote(_ packet: ControlPacket, size: Int, on connection: ModelConnection) {
    let step = advance()
    note(packet, size, connection)
    if connection.isEnded {
      return fail("4.13", expected: "nothing after the end of \(connection.name)", got: packet.summary)
    }
    if let reason = connection.hasSaidGoodbye {
      // [MQTT-3.14.4-1]
      return fail("3.14.4", expected: "nothing after DISCONNECT \(reason.rawValue)", got: packet.summary)
    }
    if size > connection.maximumPacketSize {
      return fail(
        "[MQTT-3.1.2-24]", expected: "at most \(connection.maximumPacketSize) bytes to \(connection.name)",
        got: "\(size): \(packet.summary)")
    }
    if case .connack(let connack) = packet { return wroteConnack(connack, on: connection, step) }
    guard connection.isAccepted else {
      return fail("[MQTT-3.2.0-1]", expected: "CONNACK first, to \(connection.name)", got: packet.summary)
    }
    switch packet {
    case .publish(let publish): wrotePublish(publish, on: connection, step)
    case .puback(let puback): wroteAcknowledgement(puback, .atLeastOnce, on: connection, step)
    case .pubrec(let pubrec): wroteAcknowledgement(pubrec, .exactlyOnce, on: connection, step)
    case .pubrel(let pubrel): wrotePubrel(pubrel, on: connection)
    case .pubcomp(let pubcomp): wrotePubcomp(pubcomp, on: connection)
    case .suback(let suback): wroteSuback(suback, on: connection, step)
    case .unsuback(let unsuback): wroteUnsuback(unsuback, on: connection, step)
    case .pingresp:
      connection.owedPings -= 1
      if connection.owedPings < 0 { fail("3.13", expected: "no PINGRESP", got: "one to \(connection.name)") }
    case .disconnect(let disconnect): wroteDisconnect(disconnect, on: connection)
    case .connect, .connack, .subscribe, .unsubscribe, .pingreq, .auth:
      fail("2.1.2", expected: "packets of a server", got: packet.summary)
    }
  }
}
