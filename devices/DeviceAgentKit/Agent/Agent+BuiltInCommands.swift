extension Agent {
  /// The commands of every agent.
  func builtInCommands() -> [CommandHandler] {
    [
      CommandHandler("ping", summary: "answers with the device's time") { [unowned self] _ in
        ["time": .integer(clock().unixMilliseconds)]
      },
      CommandHandler("read-now", summary: "reads every sensor, publishes and returns the values") {
        [unowned self] _ in readNow()
      },
      CommandHandler("set-interval", summary: "reads every \"interval\" (\"5s\") until the agent restarts") {
        [unowned self] command in try setInterval(command)
      },
      CommandHandler("identify", summary: "blinks the activity light for \"seconds\"") { [unowned self] command in
        try identify(command)
      },
      CommandHandler("system-info", summary: "returns facts about the machine and the agent's counters") {
        [unowned self] _ in
        guard case .object(var facts) = attributes() else { return [:] }
        facts["messages"] = counters()
        return .object(facts)
      },
    ]
  }

  private func readNow() -> JSONValue {
    let round = readSensors()
    var values: [String: JSONValue] = [:]
    for reading in round.groups.flatMap(\.readings) { values[reading.metric] = reading.value.json }
    let time = round.groups.last?.unixMilliseconds ?? clock().unixMilliseconds
    return ["ts": .integer(time), "values": .object(values)]
  }

  private func setInterval(_ command: Command) throws(CommandRejection) -> JSONValue {
    let limits = AgentLimits.interval
    let allowed =
      "\"interval\" must be a duration such as \"5s\", from \(limits.lowerBound.text) to \(limits.upperBound.text)"
    guard let text = command.arguments["interval"]?.string, let interval = Duration(text: text),
      limits.contains(interval)
    else { throw CommandRejection(allowed) }
    let previous = session.schedule.interval
    session.change(interval: interval, at: clock().sinceBoot)
    actions.append([.publishAttributes])
    return [
      "interval_ms": .integer(interval.wholeMilliseconds), "previous_ms": .integer(previous.wholeMilliseconds),
    ]
  }

  private func identify(_ command: Command) throws(CommandRejection) -> JSONValue {
    let seconds = command.arguments["seconds"] ?? 5
    guard let seconds = seconds.integer, (1...300).contains(seconds) else {
      throw CommandRejection("\"seconds\" must be a whole number from 1 to 300")
    }
    log(.notice, "identify: this is \(configuration.device)")
    guard let light = identification.begin(for: .seconds(seconds), at: clock().sinceBoot) else {
      return ["light": nil, "note": "this device has no light that the agent may blink; it wrote a line to its log"]
    }
    return ["light": .string(light), "seconds": .integer(seconds)]
  }
}
