import MQTTProtocol

/// Publishes at a steady pace on one connection and waits for each acknowledgement before it goes on.
struct AcknowledgementProbe {
  private let settings: ProbeSettings
  /// Nanoseconds from the sending of each message to its PUBACK.
  private(set) var latencies: [Int64] = []

  init(_ settings: ProbeSettings) { self.settings = settings }

  mutating func run() throws {
    let connection = try ProbeConnection(
      host: settings.host, port: settings.port, clientIdentifier: ProbeSettings.deviceName)
    let start = ProbeClock.now() + 10_000_000
    for sequence in 0..<settings.messages {
      ProbeClock.sleep(until: start + Int64(sequence) * settings.interval)
      let sentAt = ProbeClock.now()
      let identifier = UInt16(sequence % 65_535) + 1
      try connection.send(
        .publish(
          PublishPacket(
            topic: settings.topic, payload: ProbeMessage.payload(sequence: sequence, sentAt: sentAt), qos: .atLeastOnce,
            packetIdentifier: identifier)))
      try awaitAcknowledgement(of: identifier, on: connection)
      if sequence >= settings.warmUp { latencies.append(ProbeClock.now() - sentAt) }
    }
    try connection.send(.disconnect(DisconnectPacket()))
  }

  private func awaitAcknowledgement(of identifier: UInt16, on connection: ProbeConnection) throws {
    while true {
      if case .puback(let packet) = try connection.nextPacket(), packet.packetIdentifier == identifier { return }
    }
  }
}
