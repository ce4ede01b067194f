package import MosquittoClient

extension AgentSession {
  /// Time passed.
  package mutating func tick(at now: Duration) -> [AgentAction] {
    var actions: [AgentAction] = []
    if phase == .finished { return actions }
    lastTick = now
    if let deadline, now >= deadline, !isLeaving {
      return leave(!isOnline ? .hubUnreachable : queue.isEmpty ? .success : .notAcknowledged, at: now)
    }
    if mode == .continuous || !hasRead, !isLeaving, schedule.isDue(at: now) {
      hasRead = true
      actions.append(.readSensors)
    }
    switch phase {
    case .waiting(let until) where now >= until:
      phase = .resolving(deadline: now + timeouts.resolution)
      actions.append(.connect)
    case .resolving(let deadline) where now >= deadline:
      actions += lost("no address within \(timeouts.resolution.text)", at: now)
    case .greeting(let deadline) where now >= deadline:
      actions += lost("no answer within \(timeouts.greeting.text)", at: now)
    case .leaving(let deadline, let exit) where now >= deadline:
      phase = .finished
      actions += [.disconnect, .finish(exit)]
    case .online: actions += send(at: now)
    default: break
    }
    return actions
  }

  /// The hub's address is known, and a connection is on its way there.
  package mutating func connectionBegun(at now: Duration) {
    guard case .resolving = phase else { return }
    phase = .greeting(deadline: now + timeouts.greeting)
  }

  /// There will be no connection this time.
  package mutating func connectionFailed(_ reason: String, at now: Duration) -> [AgentAction] {
    guard case .resolving = phase else { return [] }
    return lost(reason, at: now)
  }

  /// Something happened on the connection; acknowledgements come by `acknowledged`.
  package mutating func received(_ event: MosquittoEvent, at now: Moment) -> [AgentAction] {
    switch event {
    case .connected: return greeted(at: now.sinceBoot)
    case .refused(let code): return refused(code, at: now.sinceBoot)
    case .disconnected(let error): return disconnected(error, at: now.sinceBoot)
    case .subscribed(_, let codes): return subscribed(codes, at: now.sinceBoot)
    case .message(let message): return received(message, at: now)
    case .published, .unsubscribed: return []
    }
  }

  /// The hub answered a publish.
  package mutating func acknowledged(
    _ kind: AgentPublication.Kind, _ code: MosquittoReasonCode, at now: Duration
  ) -> [AgentAction] {
    var actions: [AgentAction] = []
    switch kind {
    case .telemetry(let sequence):
      if !code.isFailure {
        queue.acknowledge(sequence)
      } else if code == .payloadFormatInvalid {
        queue.reject(sequence)
        actions.append(.log(.error, "the hub cannot read the telemetry message \(sequence): \(code)"))
      } else {
        queue.retry(sequence, at: now + timeouts.refusedMessage)
        actions.append(.log(.warning, "the hub does not take telemetry now: \(code)"))
      }
    case .report(let number):
      reports.acknowledge(number)
      if code.isFailure { actions.append(.log(.error, "the hub refused the result of a command: \(code)")) }
    case .offline:
      if case .leaving(_, let exit) = phase {
        phase = .finished
        return [.disconnect, .finish(exit)]
      }
    case .commandRequest:
      if code.isFailure {
        answerDeadline = nil
        actions.append(.log(.warning, "the hub does not say whether it has commands: \(code)"))
      }
    case .online, .attributes:
      if code.isFailure { actions.append(.log(.warning, "the hub refused a message of this device: \(code)")) }
    }
    return actions + send(at: now)
  }

  /// New readings.
  package mutating func enqueue(sequence: UInt64, payload: [UInt8], at now: Duration) -> [AgentAction] {
    let dropped = queue.dropped
    queue.append(sequence: sequence, payload: payload)
    var actions: [AgentAction] = []
    // Once at the first, then at every thousandth: a day without a hub must not fill the log.
    if queue.dropped > dropped, dropped % 1000 == 0 {
      actions.append(.log(.warning, "the queue is full: \(queue.dropped) of the oldest messages dropped so far"))
    }
    return actions + send(at: now)
  }

  /// A command reached a new state.
  package mutating func report(_ report: CommandReport, replyTo: ReplyAddress?, at now: Duration) -> [AgentAction] {
    reports.append(report, replyTo: replyTo.flatMap { topics.contains($0.topic) ? $0 : nil })
    return send(at: now)
  }

  package mutating func change(interval: Duration, at now: Duration) { schedule.change(interval: interval, at: now) }

  /// It was asked to stop.
  package mutating func stop(at now: Duration) -> [AgentAction] { isLeaving ? [] : leave(.success, at: now) }
}
