import MQTTProtocol

/// A client with a lasting QoS 2 subscription, which takes each message when it first comes (MQTT 5.0 §4.3.3, method A) and
/// remembers the identifiers of those that are not released.
///
/// `@unchecked`: one thread at a time uses it.
final class ExactlyOnceSubscriber: @unchecked Sendable {
  let name: String
  private let version: ProtocolVersion
  private var received: Set<UInt16> = []
  private var isSubscribed = false
  /// By publisher: the numbers in the order in which they came.
  private(set) var numbers: [String: [Int]] = [:]
  /// What the hub must not do.
  private(set) var faults: [String] = []

  init(name: String, version: ProtocolVersion) {
    self.name = name
    self.version = version
  }

  /// Takes messages until the connection is lost, or until `isComplete`.
  func run(port: UInt16, until isComplete: (ExactlyOnceSubscriber) -> Bool = { _ in false }) {
    guard let (peer, wasPresent) = try? MQTTPeer.resumed(port, version: version, name) else { return }
    if isSubscribed, !wasPresent { faults.append("the session was lost") }
    if !isSubscribed {
      guard (try? peer.subscribe(ExactlyOncePublisher.topic, qos: .exactlyOnce)) == .grantedQoS2 else { return }
      isSubscribed = true
    }
    while !isComplete(self), let packet = try? peer.receive() {
      guard let answer = answer(packet), peer.socket.send(answer.encoded(version: version)) else { return }
    }
  }

  private func answer(_ packet: ControlPacket) -> ControlPacket? {
    switch packet {
    case .publish(let publish):
      if received.insert(publish.packetIdentifier).inserted {
        take(publish)
      } else if !publish.duplicate {
        faults.append("\(publish.packetIdentifier) is used again before it is released")
      }
      return .pubrec(AcknowledgementPacket(packetIdentifier: publish.packetIdentifier))
    case .pubrel(let pubrel):
      received.remove(pubrel.packetIdentifier)
      return .pubcomp(AcknowledgementPacket(packetIdentifier: pubrel.packetIdentifier))
    default:
      faults.append("\(packet)")
      return nil
    }
  }

  private func take(_ publish: PublishPacket) {
    let words = publish.text.split(separator: " ")
    guard publish.qos == .exactlyOnce, words.count == 2, let number = Int(words[1]) else {
      faults.append("\(publish)")
      return
    }
    let next = numbers[String(words[0])]?.last.map { $0 + 1 } ?? 0
    if number != next { faults.append("\(words[0]) \(number) came, and \(next) was due") }
    numbers[String(words[0]), default: []].append(number)
  }
}
