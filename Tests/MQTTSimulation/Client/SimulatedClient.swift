import MQTTProtocol

/// A correct MQTT client: what it knows outlives its connections as long as its session does.
final class SimulatedClient {
  enum State {
    case offline
    /// CONNECT is on its way.
    case connecting
    case connected
  }

  /// A QoS 1 or 2 message that it published and that is not done with.
  struct Outgoing {
    let packetIdentifier: UInt16
    let message: ModelMessage
    /// PUBREC came; PUBREL was sent.
    var isReleased = false
  }

  let index: Int
  let identifier: String
  let version: ProtocolVersion
  unowned let world: SimulatedWorld
  var state = State.offline
  var link: SimulatedLink?
  var model: ModelConnection?
  /// Bytes of a packet whose rest has not come.
  var inbox: [UInt8] = []
  var lastSent: Int64 = 0
  var keepAlive: Int64 = 0

  // The session's.
  var outgoing: [Outgoing] = []
  var received: Set<UInt16> = []
  var filters: [String] = []
  var lastIdentifier: UInt16 = 0
  /// As CONNECT asked.
  /// It said Clean Start and was not accepted since: it has no session to go on with.
  var hasForgotten = false
  var sessionExpiry: UInt32 = 0

  // The connection's.
  var pendingRequests: [(packetIdentifier: UInt16, filters: [String], isSubscribe: Bool)] = []
  var serverReceiveMaximum = Int.max
  var serverAliasMaximum: UInt16 = 0
  var sentAliases: [UInt16: String] = [:]
  var isHoldingAcknowledgements = false
  var heldAcknowledgements: [ControlPacket] = []

  init(index: Int, version: ProtocolVersion, world: SimulatedWorld) {
    self.index = index
    self.version = version
    self.world = world
    identifier = "client-\(index)"
  }

  var name: String { "client \(index)" }

  func send(_ packet: ControlPacket) {
    guard let link else { return }
    lastSent = world.now
    world.trace { "\(self.name) sends on link \(link.id) \(packet.summary)" }
    world.clientSends(packet.encoded(version: version), over: link)
  }

  /// A Packet Identifier that is not in use [MQTT-2.2.1-3].
  func newIdentifier() -> UInt16 {
    repeat {
      // A small circle, so that identifiers are used again soon.
      lastIdentifier = lastIdentifier >= 40 ? 1 : lastIdentifier + 1
    } while outgoing.contains { $0.packetIdentifier == lastIdentifier }
      || pendingRequests.contains { $0.packetIdentifier == lastIdentifier }
    return lastIdentifier
  }

  /// The connection is no more, whatever the reason.
  func lost() {
    guard state != .offline else { return }
    world.trace { "\(self.name) has lost link \(self.link?.id ?? -1)" }
    link?.isClientGone = true
    link = nil
    model = nil
    state = .offline
    inbox = []
    pendingRequests = []
    sentAliases = [:]
    isHoldingAcknowledgements = false
    heldAcknowledgements = []
    world.planConnect(of: self)
  }

  /// The server closed, or its end was heard of.
  func endOfStream() { lost() }

  /// Bytes came, torn as the network likes.
  func received(_ bytes: [UInt8]) {
    inbox += bytes
    while state != .offline {
      do throws(MQTTDecodeError) {
        guard let next = try WirePacket.decodeThrowing(inbox, version: version) else { return }
        inbox.removeFirst(next.length)
        world.trace { "\(self.name) receives \(next.packet.summary)" }
        handle(next.packet)
      } catch {
        return world.model.fail("1.2 Malformed Packet", expected: "a packet to \(name)", got: "\(error.explanation)")
      }
    }
  }

  private func handle(_ packet: ControlPacket) {
    switch packet {
    case .connack(let connack): receivedConnack(connack)
    case .publish(let publish): receivedPublish(publish)
    case .puback(let puback): finish(puback.packetIdentifier)
    case .pubrec(let pubrec): receivedPubrec(pubrec)
    case .pubrel(let pubrel):
      received.remove(pubrel.packetIdentifier)
      send(.pubcomp(AcknowledgementPacket(packetIdentifier: pubrel.packetIdentifier)))
    case .pubcomp(let pubcomp): finish(pubcomp.packetIdentifier)
    case .suback(let suback): answered(suback.packetIdentifier)
    case .unsuback(let unsuback): answered(unsuback.packetIdentifier)
    case .disconnect:
      world.clientCloses(self, isAbrupt: false)
    case .pingresp, .connect, .subscribe, .unsubscribe, .pingreq, .auth: break
    }
  }

  private func answered(_ packetIdentifier: UInt16) {
    pendingRequests.removeAll { $0.packetIdentifier == packetIdentifier }
  }

  private func finish(_ packetIdentifier: UInt16) {
    outgoing.removeAll { $0.packetIdentifier == packetIdentifier }
  }

  private func receivedPubrec(_ pubrec: AcknowledgementPacket) {
    guard let place = outgoing.firstIndex(where: { $0.packetIdentifier == pubrec.packetIdentifier }) else { return }
    if pubrec.reasonCode.isError {
      outgoing.remove(at: place)
    } else {
      outgoing[place].isReleased = true
      send(.pubrel(AcknowledgementPacket(packetIdentifier: pubrec.packetIdentifier)))
    }
  }

  private func receivedPublish(_ publish: PublishPacket) {
    guard let model else { return }
    switch publish.qos {
    case .atMostOnce:
      world.model.clientReceived(publish, on: model)
    case .atLeastOnce:
      world.model.clientReceived(publish, on: model)
      acknowledge(.puback(AcknowledgementPacket(packetIdentifier: publish.packetIdentifier)))
    case .exactlyOnce:
      if received.insert(publish.packetIdentifier).inserted { world.model.clientReceived(publish, on: model) }
      acknowledge(.pubrec(AcknowledgementPacket(packetIdentifier: publish.packetIdentifier)))
    }
  }

  /// At once, or later, but in order [MQTT-4.6.0-2], [MQTT-4.6.0-3].
  private func acknowledge(_ packet: ControlPacket) {
    if isHoldingAcknowledgements {
      heldAcknowledgements.append(packet)
    } else {
      send(packet)
    }
  }

  func releaseAcknowledgements() {
    isHoldingAcknowledgements = false
    let held = heldAcknowledgements
    heldAcknowledgements = []
    for packet in held { send(packet) }
  }

  func keepAliveDue() {
    guard state == .connected, keepAlive > 0, world.now - lastSent >= keepAlive * 500 else { return }
    send(.pingreq)
  }
}
