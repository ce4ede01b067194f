import MQTTProtocol

/// Publishes at a steady pace on one connection and takes the acknowledgements as they come.
///
/// A publish does not wait for the acknowledgement before it: a server that stalls for a while has all that was due
/// meanwhile waiting, and each of these messages counts.
struct AcknowledgementProbe {
  private let settings: ProbeSettings
  /// When the messages that are not acknowledged were sent, by packet identifier.
  private var sending: [UInt16: (sequence: Int, time: Int64)] = [:]
  /// Nanoseconds from the sending of each message to its PUBACK.
  private(set) var latencies: [Int64] = []

  init(_ settings: ProbeSettings) {
    self.settings = settings
    latencies.reserveCapacity(settings.messages)
  }

  mutating func run() throws {
    let connection = try ProbeConnection(
      host: settings.host, port: settings.port, clientIdentifier: ProbeSettings.deviceName)
    let start = ProbeClock.now() + 10_000_000
    for sequence in 0..<settings.messages {
      let due = start + Int64(sequence) * settings.interval
      while try connection.isReadable(until: due) { try receive(on: connection) }
      try publish(sequence, on: connection)
    }
    while !sending.isEmpty { try receive(on: connection) }
    try connection.send(.disconnect(DisconnectPacket()))
  }

  private mutating func publish(_ sequence: Int, on connection: ProbeConnection) throws {
    let identifier = UInt16(sequence % 65_535) + 1
    guard sending[identifier] == nil else { throw ProbeFailure("65,535 messages are not acknowledged") }
    // The time of the send, not the time it was due: this thread's own waking up is not measured.
    let time = ProbeClock.now()
    try connection.send(
      .publish(
        PublishPacket(
          topic: settings.topic, payload: ProbeMessage.payload(sequence: sequence, sentAt: time), qos: .atLeastOnce,
          packetIdentifier: identifier)))
    sending[identifier] = (sequence, time)
  }

  /// Takes what has come, waiting for something where nothing has.
  private mutating func receive(on connection: ProbeConnection) throws {
    try connection.receive()
    let now = ProbeClock.now()
    while let packet = try connection.takePacket() {
      guard case .puback(let answer) = packet else { continue }
      guard let (sequence, time) = sending.removeValue(forKey: answer.packetIdentifier) else {
        throw ProbeFailure("the server acknowledges \(answer.packetIdentifier), which it was not sent")
      }
      if sequence >= settings.warmUp { latencies.append(now - time) }
    }
  }
}
