import MQTTProtocol

/// What a run of the simulator is to do, checked and complete.
struct FleetSettings: Sendable {
  var hub: HubAddress
  var devices: Int
  /// At most as many as devices; device `n` speaks on connection `n % connections`.
  var connections: Int
  var qos: QoS
  var rate: SendRate
  /// Of the whole fleet; `nil` is no limit.
  var messages: Int?
  var duration: SendDuration?
  /// QoS 1 messages in flight on a connection.
  var window: Int
  var payload: PayloadFormat
  var metrics: [SimulatedMetric]
  var devicePrefix: String
  var version: ProtocolVersion
  var seed: UInt64
  /// Connect and hold, without a message.
  var idle: Bool
  /// Seconds; 0 is none.
  var keepAlive: UInt16
  var threads: Int

  func deviceName(_ number: Int) -> String { "\(devicePrefix)\(number)" }

  /// A connection of one device bears its name; one of many devices is a gateway.
  func clientIdentifier(ofConnection number: Int) -> String {
    devices == connections ? deviceName(number) : "\(devicePrefix)gateway-\(number)"
  }

  /// How many messages connection `number` may send in all.
  func budget(ofConnection number: Int) -> Int {
    if idle { return 0 }
    var total = messages
    if case .messagesPerSecond(let rate) = rate, let duration {
      let scheduled = max(1, Int((rate * duration.seconds).rounded()))
      total = min(total ?? scheduled, scheduled)
    }
    guard let total else { return Int.max }
    return SendSchedule.share(of: total, connection: number, connections: connections)
  }

  /// The messages that connection `number` sends in turn, rendered for a start at `timestamp` (Unix milliseconds).
  ///
  /// A device's values depend on the seed and its number alone.
  func templates(ofConnection number: Int, timestamp: Int64) -> MessageTemplates {
    let groups = payload == .json ? [metrics] : metrics.map { [$0] }
    var rendered: [(template: MessageTemplate, generator: SplitMix64)] = []
    for (index, group) in groups.enumerated() {
      for device in stride(from: number, to: devices, by: connections) {
        var generator = SplitMix64(seed: seed, stream: UInt64(device) &* 8 &+ UInt64(index))
        let template = MessageTemplate(
          device: deviceName(device), metrics: group, format: payload, qos: qos, version: version,
          timestamp: timestamp, using: &generator)
        rendered.append((template, generator))
      }
    }
    return MessageTemplates(rendered, timestamp: timestamp)
  }

  /// Readings in a message.
  var readingsPerMessage: Int { payload == .json ? metrics.count : 1 }
}
