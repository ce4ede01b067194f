import MQTTProtocol

/// A client that publishes numbers at QoS 2 until its connection ends, and takes up again what was unfinished, as a client
/// with a session does.
///
/// `@unchecked`: one thread at a time uses it.
final class ExactlyOncePublisher: @unchecked Sendable {
  private enum Stage {
    /// PUBLISH was sent, perhaps.
    case published
    /// PUBREC came: it is the hub's, and PUBREL is due.
    case received
  }

  private struct Exchange {
    var identifier: UInt16
    var number: Int
    var stage: Stage
  }

  static let topic = "once"
  private static let window = 20

  let name: String
  private let version: ProtocolVersion
  /// In the order in which they began.
  private var exchanges: [Exchange] = []
  private var lastIdentifier: UInt16 = 0
  /// Numbers that were sent at least once: those below.
  private(set) var sent = 0
  /// Whether the hub has ever said that it has the session: from then on it must.
  private var isLasting = false
  /// What the hub must not do.
  private(set) var faults: [String] = []

  init(name: String, version: ProtocolVersion) {
    self.name = name
    self.version = version
  }

  var unfinished: Int { exchanges.count }

  /// Publishes until the connection is lost, or until all is finished where nothing new is to come.
  func run(port: UInt16, isLast: Bool = false) {
    guard let (peer, wasPresent) = try? MQTTPeer.resumed(port, version: version, name) else { return }
    if isLasting, !wasPresent { faults.append("the session was lost") }
    // What the hub answers to is durable, and the session before it.
    var isOpen = takeUpAgain(peer)
    while isOpen {
      while !isLast, exchanges.count < Self.window, isOpen {
        exchanges.append(Exchange(identifier: nextIdentifier(), number: sent, stage: .published))
        sent += 1
        isOpen = publish(exchanges[exchanges.count - 1], duplicate: false, peer)
      }
      if isLast, exchanges.isEmpty { return }
      guard let packet = try? peer.receive() else { return }
      isOpen = isOpen && handle(packet, peer)
    }
  }

  private func takeUpAgain(_ peer: MQTTPeer) -> Bool {
    for exchange in exchanges {
      let isSent =
        switch exchange.stage {
        case .published: publish(exchange, duplicate: true, peer)
        case .received: release(exchange.identifier, peer)
        }
      guard isSent else { return false }
    }
    return true
  }

  private func handle(_ packet: ControlPacket, _ peer: MQTTPeer) -> Bool {
    isLasting = true
    switch packet {
    case .pubrec(let pubrec):
      guard let place = exchanges.firstIndex(where: { $0.identifier == pubrec.packetIdentifier }) else {
        faults.append("PUBREC of \(pubrec.packetIdentifier), which is not under way")
        return true
      }
      if pubrec.reasonCode.isError { faults.append("PUBREC says \(pubrec.reasonCode)") }
      exchanges[place].stage = .received
      return release(pubrec.packetIdentifier, peer)
    case .pubcomp(let pubcomp):
      guard
        let place = exchanges.firstIndex(where: {
          $0.identifier == pubcomp.packetIdentifier && $0.stage == .received
        })
      else {
        faults.append("PUBCOMP of \(pubcomp.packetIdentifier), which was not released")
        return true
      }
      // Behind a restart the hub may be through with it: PUBCOMP was lost (MQTT 5.0 §3.7.2.1).
      if pubcomp.reasonCode.isError, pubcomp.reasonCode != .packetIdentifierNotFound {
        faults.append("PUBCOMP says \(pubcomp.reasonCode)")
      }
      exchanges.remove(at: place)
      return true
    default:
      faults.append("\(packet)")
      return true
    }
  }

  private func publish(_ exchange: Exchange, duplicate: Bool, _ peer: MQTTPeer) -> Bool {
    let packet = ControlPacket.publish(
      PublishPacket(
        topic: Array(Self.topic.utf8), payload: Array("\(name) \(exchange.number)".utf8), qos: .exactlyOnce,
        duplicate: duplicate, packetIdentifier: exchange.identifier))
    return peer.socket.send(packet.encoded(version: version))
  }

  private func release(_ identifier: UInt16, _ peer: MQTTPeer) -> Bool {
    let packet = ControlPacket.pubrel(AcknowledgementPacket(packetIdentifier: identifier))
    return peer.socket.send(packet.encoded(version: version))
  }

  private func nextIdentifier() -> UInt16 {
    repeat {
      lastIdentifier = lastIdentifier == .max ? 1 : lastIdentifier + 1
    } while exchanges.contains {
      $0.identifier == lastIdentifier
    }
    return lastIdentifier
  }
}
