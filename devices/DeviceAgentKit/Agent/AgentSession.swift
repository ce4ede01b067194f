/// An agent's decisions: when to connect, what to send, when to leave. No I/O and no clock; what it wants done it
/// returns.
package struct AgentSession: Sendable {
  package enum Phase: Sendable, Equatable {
    case waiting(until: Duration)
    /// Looking up the hub's address.
    case resolving(deadline: Duration)
    /// Connecting, without CONNACK.
    case greeting(deadline: Duration)
    case online(since: Duration)
    /// `offline` is on its way.
    case leaving(deadline: Duration, AgentExit)
    case finished
  }

  let topics: DeviceTopics
  let hub: String
  let qos: Int
  let mode: AgentConfiguration.Mode
  let timeouts: AgentTimeouts
  package internal(set) var phase: Phase
  package internal(set) var schedule: Schedule
  package internal(set) var queue: TelemetryQueue
  package internal(set) var hubTime = HubTime()
  /// How often the connection was lost.
  package internal(set) var disconnects: UInt64 = 0
  var reports = ReportQueue()
  var backoff: Backoff
  var random: SplitMix64
  var subscriptionsMissing = 0
  var subscriptionsRefused = false
  /// By when the hub should have said whether it has commands; nil once it did.
  var answerDeadline: Duration?
  let deadline: Duration?

  /// - Parameters:
  ///   - start: now, since boot.
  ///   - seed: of the waiting times between attempts.
  package init(
    _ configuration: AgentConfiguration, start: Duration, seed: UInt64, timeouts: AgentTimeouts = AgentTimeouts(),
    backoff: Backoff = Backoff(), queue: TelemetryQueue = TelemetryQueue()
  ) {
    topics = DeviceTopics(device: configuration.device)
    hub = configuration.hub.description
    qos = configuration.qos
    mode = configuration.mode
    self.timeouts = timeouts
    self.backoff = backoff
    self.queue = queue
    random = SplitMix64(seed: seed)
    schedule = Schedule(interval: configuration.interval, first: start)
    phase = .waiting(until: start)
    deadline = configuration.mode == .once ? start + timeouts.once : nil
  }

  /// When something is to be done even if nothing happens.
  package var nextDeadline: Duration? {
    var deadlines: [Duration] = []
    switch phase {
    case .waiting(let until): deadlines.append(until)
    case .resolving(let deadline), .greeting(let deadline): deadlines.append(deadline)
    case .online: deadlines += [queue.nextRetry, mode == .once ? answerDeadline : nil].compactMap { $0 }
    case .leaving(let deadline, _): return deadline
    case .finished: return nil
    }
    if mode == .continuous || !hasRead { deadlines.append(schedule.next) }
    if let deadline { deadlines.append(deadline) }
    // What was due at the last tick was served, or waits for something else than time.
    return deadlines.filter { $0 >= lastTick }.min()
  }

  /// Whether the one reading of a single run was taken.
  var hasRead = false
  var lastTick: Duration = .zero
}
