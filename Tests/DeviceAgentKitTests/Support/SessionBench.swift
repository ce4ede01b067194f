import DeviceAgentKit
import MosquittoClient

/// An agent's decisions with a clock of the test's own, and everything they asked for.
struct SessionBench {
  var session: AgentSession
  var now: Moment = .start
  /// What was asked for since the last `take`.
  private var actions: [AgentAction] = []
  let topics = DeviceTopics(device: "pi")

  init(
    mode: AgentConfiguration.Mode = .continuous, interval: Duration = .seconds(1), seed: UInt64 = 1,
    queue: TelemetryQueue = TelemetryQueue()
  ) {
    var configuration = AgentConfiguration(device: "pi")
    configuration.mode = mode
    configuration.interval = interval
    session = AgentSession(configuration, start: Moment.start.sinceBoot, seed: seed, queue: queue)
  }

  mutating func take() -> [AgentAction] {
    defer { actions = [] }
    // Words for people are not decisions.
    return actions.filter {
      switch $0 {
      case .log, .status: false
      default: true
      }
    }
  }

  mutating func note(_ more: [AgentAction]) { actions += more }

  mutating func pass(_ duration: Duration) { now = now.advanced(by: duration) }

  mutating func tick() { actions += session.tick(at: now.sinceBoot) }

  mutating func receive(_ event: MosquittoEvent) { actions += session.received(event, at: now) }

  mutating func receive(on topic: String, _ text: String, retain: Bool = false) {
    receive(.message(MosquittoMessage(topic: topic, payload: Array(text.utf8), qos: .atLeastOnce, retain: retain)))
  }

  mutating func acknowledge(_ kind: AgentPublication.Kind, _ code: MosquittoReasonCode = .success) {
    actions += session.acknowledged(kind, code, at: now.sinceBoot)
  }

  mutating func enqueue(_ sequence: UInt64) {
    actions += session.enqueue(sequence: sequence, payload: Array("\(sequence)".utf8), at: now.sinceBoot)
  }

  /// Ticks and connects, up to the CONNACK.
  mutating func connect() {
    tick()
    session.connectionBegun(at: now.sinceBoot)
    receive(.connected(sessionPresent: false))
  }

  /// Connects, subscribes, and forgets what was asked for on the way.
  mutating func goOnline() {
    connect()
    receive(.subscribed(id: 1, [.success]))
    receive(.subscribed(id: 2, [.success]))
    actions = []
  }
}

extension [AgentAction] {
  /// What is published, in order.
  var kinds: [AgentPublication.Kind] {
    compactMap { if case .publish(let publication) = $0 { publication.kind } else { nil } }
  }
}
