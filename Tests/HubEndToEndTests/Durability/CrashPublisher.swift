import MQTTProtocol

/// A device that publishes readings at QoS 1 until its connection ends, and keeps a log of what was acknowledged. What was
/// not is published again on its next connection, as a device with a spool does.
///
/// `@unchecked`: one thread at a time uses it.
final class CrashPublisher: @unchecked Sendable {
  let device: String
  private let seed: UInt64
  /// Time of the first reading, Unix milliseconds.
  let start: Int64
  /// Readings that were sent at least once: those numbered below.
  private(set) var sent = 0
  private(set) var acknowledged: Set<Int> = []
  /// The first reading that the last connection may have sent.
  private(set) var firstOfRound = 0
  /// Unacknowledged ones of former connections.
  private var owed: [Int] = []

  private static let window = 40
  /// Milliseconds from one reading to the next.
  private static let step: Int64 = 7

  init(device: String, seed: UInt64, start: Int64) {
    self.device = device
    self.seed = seed
    self.start = start
  }

  func time(of number: Int) -> Int64 { start + Int64(number) * Self.step }

  /// Values of every kind that doubles have, decided by the number.
  func value(of number: Int) -> Double {
    var random = SeededGenerator(seed: seed &+ UInt64(number))
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return Double(Int.random(in: -1_000...1_000, using: &random)) / 10
    case 1: return Double(Int.random(in: 0...9, using: &random))
    case 2: return Double.random(in: -1...1, using: &random)
    default:
      let value = Double(bitPattern: random.next())
      return value.isFinite ? value : 0.1
    }
  }

  /// Publishes until the connection is lost.
  func run(port: UInt16) {
    var inFlight: [UInt16: Int] = [:]
    firstOfRound = owed.min() ?? sent
    defer { owed = inFlight.values.sorted() + owed }
    guard let peer = try? MQTTPeer.connected(port, version: .v3_1_1, device) else { return }
    while true {
      while inFlight.count < Self.window {
        let number = next()
        let identifier = peer.nextIdentifier()
        inFlight[identifier] = number
        guard peer.socket.send(packet(number, identifier).encoded(version: .v3_1_1)) else { return }
      }
      guard let packet = try? peer.receive(), case .puback(let puback) = packet else { return }
      if let number = inFlight.removeValue(forKey: puback.packetIdentifier) { acknowledged.insert(number) }
    }
  }

  private func next() -> Int {
    if !owed.isEmpty { return owed.removeFirst() }
    sent += 1
    return sent - 1
  }

  private func packet(_ number: Int, _ identifier: UInt16) -> ControlPacket {
    let payload = #"{"ts":\#(time(of: number)),"values":{"value":\#(value(of: number)),"number":\#(number)}}"#
    return .publish(
      PublishPacket(
        topic: Array("v1/devices/me/telemetry".utf8), payload: Array(payload.utf8), qos: .atLeastOnce,
        packetIdentifier: identifier))
  }
}
