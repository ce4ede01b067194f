/// Who publishes what to whom, and for how long.
struct PublishSettings: Sendable {
  let address: ServerAddress
  let publishers: Int
  let subscribers: Int
  /// Publishers and subscribers take the topics in turn: the first of each the first topic.
  let topics: Int
  /// Of publishes and of subscriptions.
  let qos: UInt8
  /// Messages of a topic that its slowest subscriber may be behind.
  let window: Int
  /// Publishes of one connection at QoS 1 and 2 that are not acknowledged yet.
  let inFlight: Int
  /// Whether the topics are those of devices' telemetry.
  let isTelemetry: Bool
  /// Unix milliseconds of each publisher's first reading.
  let startTime: Int64
  /// Nanoseconds.
  let warmUp: Int64
  /// Nanoseconds after the warm-up.
  let duration: Int64

  func topic(_ index: Int) -> String {
    isTelemetry ? "v1/devices/\(clientIdentifier(index))/telemetry" : "bench/\(index)/reading"
  }

  func clientIdentifier(_ index: Int) -> String {
    index < publishers ? "load-\(index + 1)" : "load-subscriber-\(index - publishers + 1)"
  }
}
