extension Agent {
  /// What is published once a connection: facts about the machine and about this agent.
  func attributes() -> JSONValue {
    var facts = MachineFacts.read(configuration.files)
    facts["firmware"] = .string(configuration.firmware)
    facts["boot"] = (sequence?.boot).map(JSONValue.string) ?? .null
    facts["interval_ms"] = .integer(session.schedule.interval.wholeMilliseconds)
    var units: [String: JSONValue] = [:]
    for metric in sensors.metrics { if let unit = metric.unit { units[metric.name] = .string(unit) } }
    facts["units"] = .object(units)
    facts["commands"] = .array(handlers.map(\.name).sorted().map(JSONValue.string))
    facts["sensor_failures"] = .object(sensors.failures.mapValues(JSONValue.string))
    return .object(facts)
  }

  /// What became of the messages so far.
  func counters() -> JSONValue {
    [
      "queued": .integer(Int64(session.queue.count)),
      "acknowledged": .integer(Int64(clamping: session.queue.acknowledged)),
      "dropped": .integer(Int64(clamping: session.queue.dropped)),
      "rejected": .integer(Int64(clamping: session.queue.rejected)),
      "disconnects": .integer(Int64(clamping: session.disconnects)),
      "missed_readings": .integer(Int64(clamping: session.schedule.missed)),
    ]
  }
}
