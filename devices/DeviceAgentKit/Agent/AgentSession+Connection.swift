internal import MosquittoClient

extension AgentSession {
  var isOnline: Bool { if case .online = phase { true } else { false } }

  var isLeaving: Bool {
    switch phase {
    case .leaving, .finished: true
    default: false
    }
  }

  mutating func greeted(at now: Duration) -> [AgentAction] {
    guard case .greeting = phase else { return [] }
    phase = .online(since: now)
    subscriptionsMissing = 2
    subscriptionsRefused = false
    answerDeadline = now + timeouts.answer
    return [
      .log(.info, "connected to \(hub)"), .status("connected to \(hub)"),
      .publish(
        AgentPublication(kind: .online, topic: topics.status, payload: Array("online".utf8), retain: true)),
      .subscribe(topics.commands), .subscribe(topics.nextCommandResponse), .publishAttributes,
    ] + send(at: now)
  }

  mutating func refused(_ code: MosquittoReasonCode, at now: Duration) -> [AgentAction] {
    if isLeaving { return lost("the hub refused the connection: \(code)", at: now) }
    if mode == .once {
      phase = .finished
      return [.log(.error, "\(hub) refused the connection: \(code)"), .dropConnection, .finish(.refused)]
    }
    return lost("the hub refused the connection: \(code)", at: now)
  }

  mutating func disconnected(_ error: MosquittoError?, at now: Duration) -> [AgentAction] {
    switch phase {
    case .greeting, .online, .leaving: break
    case .waiting, .resolving, .finished: return []
    }
    if error == .disconnectedByServer(.sessionTakenOver) {
      return lost("another client connected under this device's name; every agent needs its own --device", at: now)
    }
    return lost("\(error.map(\.description) ?? "disconnected")", at: now)
  }

  /// The connection is gone, or was never made: wait and try again, or end where there is no second attempt.
  mutating func lost(_ reason: String, at now: Duration) -> [AgentAction] {
    if case .online(let since) = phase {
      disconnects += 1
      if now - since >= timeouts.steady { backoff.reset() }
    }
    queue.connectionEnded()
    reports.connectionEnded()
    answerDeadline = nil
    if case .leaving(_, let exit) = phase {
      phase = .finished
      return [.dropConnection, .finish(exit)]
    }
    if mode == .once {
      let wasOnline = isOnline
      phase = .finished
      let exit: AgentExit = wasOnline ? .notAcknowledged : .hubUnreachable
      return [.log(.error, "no connection to \(hub): \(reason)"), .dropConnection, .finish(exit)]
    }
    let isFirst = backoff.failures == 0
    let delay = backoff.nextDelay(using: &random)
    phase = .waiting(until: now + delay)
    let text = "no connection to \(hub): \(reason); next attempt in \(delay.text)"
    return [.dropConnection, .log(isFirst ? .warning : .info, text), .status("no connection to \(hub): \(reason)")]
  }

  /// Says `offline` where there is someone to say it to, and ends.
  mutating func leave(_ exit: AgentExit, at now: Duration) -> [AgentAction] {
    guard isOnline else {
      phase = .finished
      return [.dropConnection, .finish(exit)]
    }
    phase = .leaving(deadline: now + timeouts.farewell, exit)
    return [
      .publish(
        AgentPublication(kind: .offline, topic: topics.status, payload: Array("offline".utf8), retain: true))
    ]
  }
}
