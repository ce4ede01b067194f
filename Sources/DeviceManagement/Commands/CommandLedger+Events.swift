extension CommandLedger {
  /// Hands out the device's oldest queued commands, at most `maximum`, and marks each `sent` before anything leaves.
  package mutating func next(for device: String, maximum: Int, by route: CommandRoute, now: Int64) -> [Command] {
    var taken: [Command] = []
    for id in idsByDevice[device] ?? [] where taken.count < maximum {
      guard let command = commands[id], command.state == .queued, now < command.notAfter else { continue }
      move(id, to: .sent, now: now, evidence: route.evidence)
      if let command = commands[id] { taken.append(command) }
    }
    return taken
  }

  /// The device acknowledged the message that carried the command. False where it was further already.
  package mutating func deliveredToDevice(_ id: String, evidence: String, now: Int64) -> Bool {
    guard commands[id]?.state == .sent else { return false }
    move(id, to: .delivered, now: now, evidence: evidence)
    return true
  }

  /// Nothing left the hub after all: the command is queued again. False where it was not `sent`.
  package mutating func notDelivered(_ id: String, evidence: String, now: Int64) -> Bool {
    guard commands[id]?.state == .sent else { return false }
    move(id, to: .queued, now: now, evidence: evidence)
    return true
  }

  /// Cancels what is still queued.
  package mutating func cancelled(_ id: String, now: Int64) throws(CommandError) -> Command {
    guard let command = commands[id] else { throw .notFound }
    guard command.state == .queued else { throw .notQueued(command.state) }
    move(id, to: .cancelled, now: now, evidence: "cancelled by its sender")
    return commands[id] ?? command
  }

  /// The device's word on a command.
  ///
  /// A command that the device has ended does not change any more. One that the hub itself gave up (`expired`,
  /// `cancelled`, `unknown`) takes the device's late final word; a late `accepted` or `running` is kept as evidence and
  /// changes no state. While the device says that it runs, it has a time to live since its last word to end it.
  package mutating func resultReceived(_ id: String, from device: String, payload: [UInt8], now: Int64) -> ReportOutcome
  {
    guard let command = commands[id], command.device == device else {
      statistics.reportsWithoutCommand += 1
      return .noSuchCommand
    }
    guard !command.state.isDevicesLastWord else {
      statistics.reportsIgnored += 1
      return .ignored(command.state)
    }
    let report: DeviceReport
    do throws(JSONError) {
      report = try DeviceReport(parsing: payload, limits: limits)
    } catch {
      statistics.reportsUnreadable += 1
      note(id, now: now, evidence: "a result that could not be read: \(error.reason)")
      return .unreadable(reason: error.description)
    }
    let isLate = command.state.isFinal
    let evidence = isLate ? "the device's late word: \(report.state.rawValue)" : "the device's word"
    if isLate, !report.state.isFinal {
      note(id, now: now, evidence: evidence)
      return .recorded(command.state)
    }
    keep(report, for: id, now: now)
    // `accepted` after `running` takes nothing back.
    if command.state != report.state, !(command.state == .running && report.state == .accepted) {
      move(id, to: report.state, now: now, evidence: evidence)
    }
    return .recorded(commands[id]?.state ?? report.state)
  }

  /// Gives up what is past its deadline: `expired` if it never left, else `unknown`. Returns what changed.
  package mutating func timePassed(now: Int64) -> [Command] {
    var changed: [Command] = []
    while let earliest = deadlines.earliest, earliest.time <= now {
      _ = deadlines.removeEarliest()
      guard let command = commands[earliest.id], !command.state.isFinal else { continue }
      guard command.deadline <= now else {
        deadlines.insert(.init(time: command.deadline, id: command.id))
        continue
      }
      if command.state == .queued {
        move(command.id, to: .expired, now: now, evidence: "it never left the hub in time")
      } else {
        move(command.id, to: .unknown, now: now, evidence: "no answer in time")
      }
      if let command = commands[command.id] { changed.append(command) }
    }
    return changed
  }

  /// When `timePassed` has something to do, at the earliest; nil while nothing is open.
  package var nextDeadline: Int64? { statistics.open == 0 ? nil : deadlines.earliest?.time }

  // MARK: Changes

  private mutating func move(_ id: String, to state: CommandState, now: Int64, evidence: String) {
    guard let wasFinal = commands[id]?.state.isFinal else { return }
    commands[id]?.state = state
    note(id, now: now, evidence: evidence)
    statistics.entered[state, default: 0] += 1
    guard state.isFinal, !wasFinal else { return }
    statistics.open -= 1
    finals.append(id)
    dropStaleDeadlines()
  }

  /// Adds to the command's history without changing its state.
  private mutating func note(_ id: String, now: Int64, evidence: String) {
    guard let command = commands[id] else { return }
    if command.transitions.count >= limits.maximumTransitions { commands[id]?.transitions.remove(at: 1) }
    commands[id]?.transitions.append(.init(state: command.state, time: now, evidence: evidence))
  }

  private mutating func keep(_ report: DeviceReport, for id: String, now: Int64) {
    guard var command = commands[id] else { return }
    let before = command.bytes
    if let result = report.result { command.result = result }
    if let error = report.error { command.error = error }
    if let progress = report.progress { command.progress = progress }
    let added = command.bytes - before
    var hadRoom = true
    if added > 0, !makeRoom(commands: 0, bytes: added, sparing: id) {
      // What became of the command matters more than what it answered.
      command.result = nil
      command.error = nil
      hadRoom = false
    }
    if report.state.isInProgress {
      let (later, overflow) = now.addingReportingOverflow(max(0, command.notAfter &- command.createdAt))
      command.deadline = max(command.deadline, overflow ? .max : later)
    }
    statistics.bytes += command.bytes - before
    commands[id] = command
    if !hadRoom { note(id, now: now, evidence: "the hub had no room for what the device answered") }
  }

  private mutating func dropStaleDeadlines() {
    guard deadlines.entries.count > 2 * statistics.open + 64 else { return }
    deadlines = DeadlineHeap(
      deadlines.entries.filter { commands[$0.id]?.state.isFinal == false })
  }
}
