internal import MosquittoClient

extension AgentSession {
  /// Everything that may be sent now; where nothing is left to do and it runs once, the farewell.
  mutating func send(at now: Duration) -> [AgentAction] {
    guard isOnline else { return [] }
    var actions: [AgentAction] = []
    while let report = reports.nextToSend(topics) { actions.append(.publish(report)) }
    while let (sequence, payload) = queue.nextToSend(at: now) {
      actions.append(
        .publish(
          AgentPublication(
            kind: .telemetry(sequence: sequence), topic: topics.telemetry, payload: payload, qos: qos)))
    }
    let isAnswered = answerDeadline.map { now >= $0 } ?? true
    if mode == .once, hasRead, queue.isEmpty, reports.isEmpty, isAnswered {
      if answerDeadline != nil { actions.append(.log(.warning, "the hub did not say whether it has commands")) }
      actions += leave(queue.rejected + queue.dropped == 0 ? .success : .notAcknowledged, at: now)
    }
    return actions
  }

  mutating func subscribed(_ codes: [MosquittoReasonCode], at now: Duration) -> [AgentAction] {
    var actions: [AgentAction] = []
    for code in codes where code.isFailure {
      subscriptionsRefused = true
      actions.append(.log(.error, "the hub refused a subscription, so no commands will come: \(code)"))
    }
    subscriptionsMissing = max(subscriptionsMissing - 1, 0)
    if subscriptionsMissing == 0 {
      if subscriptionsRefused { answerDeadline = nil } else { actions.append(askForCommands(at: now)) }
    }
    return actions + send(at: now)
  }

  private mutating func askForCommands(at now: Duration) -> AgentAction {
    answerDeadline = now + timeouts.answer
    let question: [(name: String, value: JSONValue)] = [
      ("max", .integer(Int64(AgentLimits.commandsPerRequest))), ("wait_s", 0),
    ]
    var writer = JSONWriter()
    writer.write(members: question)
    return .publish(AgentPublication(kind: .commandRequest, topic: topics.nextCommand, payload: writer.bytes))
  }

  mutating func received(_ message: MosquittoMessage, at now: Moment) -> [AgentAction] {
    guard isOnline else { return [] }
    switch message.topic {
    case topics.commands:
      // A retained command would run again on every reconnect; commands are never retained by a hub.
      if message.retain { return [.log(.warning, "ignored a retained message on \(message.topic)")] }
      let replyTo = message.properties.responseTopic.map {
        ReplyAddress(topic: $0, correlationData: message.properties.correlationData)
      }
      return [.runCommand(payload: message.payload, replyTo: replyTo)]
    case topics.nextCommandResponse: return answered(message.payload, at: now)
    default: return [.log(.debug, "ignored a message on \(message.topic)")]
    }
  }

  private mutating func answered(_ payload: [UInt8], at now: Moment) -> [AgentAction] {
    answerDeadline = nil
    guard payload.count <= AgentLimits.commandBytes, let answer = try? JSONReader.value(payload) else {
      return [.log(.warning, "the hub's answer about commands is not understood")] + send(at: now.sinceBoot)
    }
    if let time = answer["time"]?.integer { hubTime.received(unixMilliseconds: time, at: now) }
    guard case .array(let commands) = answer["commands"] else { return send(at: now.sinceBoot) }
    var actions: [AgentAction] = commands.isEmpty ? [] : [.runCommands(commands)]
    // As many as asked for: there may be more.
    if commands.count >= AgentLimits.commandsPerRequest { actions.append(askForCommands(at: now.sinceBoot)) }
    return actions + (commands.isEmpty ? send(at: now.sinceBoot) : [])
  }
}
