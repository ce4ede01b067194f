import MQTTProtocol

/// Receives what the publisher sends and keeps the time that each message took.
struct ProbeSubscriber {
  private let settings: ProbeSettings
  private let connection: ProbeConnection
  /// Nanoseconds, of the messages after the warm-up.
  private(set) var latencies: [Int64] = []
  private var arrived = 0

  /// Connects and subscribes.
  init(_ settings: ProbeSettings) throws {
    self.settings = settings
    latencies.reserveCapacity(settings.messages)
    connection = try ProbeConnection(
      host: settings.host, port: settings.port, clientIdentifier: "\(ProbeSettings.deviceName)-subscriber")
    let subscription = Subscription(filter: String(decoding: settings.topic, as: UTF8.self), qos: settings.qos)
    try connection.send(.subscribe(SubscribePacket(packetIdentifier: 1, subscriptions: [subscription])))
    guard case .suback(let answer) = try connection.nextPacket(),
      answer.reasonCodes == [ReasonCode(rawValue: settings.qos.rawValue)]
    else { throw ProbeFailure("the server refused the subscription") }
  }

  /// Receives until every message has come.
  mutating func run() throws {
    while arrived < settings.messages {
      try connection.receive()
      let now = ProbeClock.now()
      while let packet = try connection.takePacket() { try received(packet, at: now) }
    }
  }

  private mutating func received(_ packet: ControlPacket, at now: Int64) throws {
    guard case .publish(let message) = packet, let (sequence, time) = ProbeMessage.read(message.payload) else { return }
    if message.qos == .atLeastOnce {
      try connection.send(.puback(AcknowledgementPacket(packetIdentifier: message.packetIdentifier)))
    }
    arrived += 1
    if sequence >= settings.warmUp { latencies.append(now - time) }
  }
}
