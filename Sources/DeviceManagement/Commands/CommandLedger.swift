/// All commands and what is known of each: a plain value with no clock and no lock.
///
/// `queued -> sent -> delivered -> accepted -> running ->` one final state. The device's word may skip states and is
/// always believed, since only a device that received a command knows its identifier; every other event only moves a
/// command forward.
package struct CommandLedger: Sendable {
  package let limits: DeviceManagementLimits
  package internal(set) var statistics = CommandStatistics()

  var commands: [String: Command] = [:]
  /// Each device's commands, oldest first.
  var idsByDevice: [String: [String]] = [:]
  var finals = FinalCommandQueue()
  var deadlines = DeadlineHeap()
  private var lastIDTime: Int64 = 0

  package init(limits: DeviceManagementLimits) { self.limits = limits }

  package subscript(id: String) -> Command? { commands[id] }

  /// The device's commands, oldest first.
  package func list(of device: String) -> [Command] {
    (idsByDevice[device] ?? []).compactMap { commands[$0] }
  }

  /// The newest command of the device whose fate says something of the device: one that left the hub.
  package func lastSent(to device: String) -> Command? {
    for id in (idsByDevice[device] ?? []).reversed() {
      guard let command = commands[id] else { continue }
      switch command.state {
      case .queued, .expired, .cancelled: continue
      case .sent, .delivered, .accepted, .running, .succeeded, .failed, .rejected, .unknown: return command
      }
    }
    return nil
  }

  // MARK: Creation

  /// A new command, `queued`.
  ///
  /// - Parameters:
  ///   - now: Unix milliseconds.
  ///   - random: 80 bits of it become part of the identifier.
  package mutating func created(
    device: String, request: CommandRequest, now: Int64, random: (UInt64, UInt64)
  ) throws(CommandError) -> Command {
    do {
      let command = try admitted(device: device, request: request, now: now, random: random)
      commands[command.id] = command
      idsByDevice[device, default: []].append(command.id)
      deadlines.insert(.init(time: command.deadline, id: command.id))
      statistics.created += 1
      statistics.entered[.queued, default: 0] += 1
      statistics.held += 1
      statistics.open += 1
      statistics.bytes += command.bytes
      return command
    } catch {
      statistics.refused += 1
      throw error
    }
  }

  private mutating func admitted(
    device: String, request: CommandRequest, now: Int64, random: (UInt64, UInt64)
  ) throws(CommandError) -> Command {
    let arguments = try request.validated(limits)
    let timeToLive = request.timeToLive ?? limits.defaultTimeToLive
    let ids = idsByDevice[device] ?? []
    let open = ids.count { commands[$0]?.state.isFinal == false }
    guard open < limits.maximumOpenCommandsPerDevice else {
      throw .tooManyOpenCommands(limit: limits.maximumOpenCommandsPerDevice)
    }
    if ids.count >= limits.maximumCommandsPerDevice,
      let oldest = ids.first(where: { commands[$0]?.state.isFinal == true })
    {
      forget(oldest)
    }
    // Identifiers sort by creation even within a millisecond.
    lastIDTime = max(now, lastIDTime &+ 1)
    let (notAfter, overflow) = now.addingReportingOverflow(timeToLive)
    let deadline = overflow ? Int64.max : notAfter
    let command = Command(
      id: CommandID.make(time: lastIDTime, random: random), device: device, name: request.name, arguments: arguments,
      createdAt: now, notAfter: deadline, state: .queued,
      transitions: [.init(state: .queued, time: now, evidence: "created")], deadline: deadline)
    guard makeRoom(commands: 1, bytes: command.bytes) else { throw .hubIsFull }
    return command
  }

  // MARK: Room

  /// Forgets the oldest final commands until there is room; false where that is not enough.
  mutating func makeRoom(commands count: Int, bytes: Int, sparing spared: String? = nil) -> Bool {
    var passedOver = false
    defer { if passedOver, let spared { finals.append(spared) } }
    while statistics.held + count > limits.maximumCommands || statistics.bytes + bytes > limits.maximumCommandBytes {
      guard let oldest = takeOldestFinal() else { return false }
      if oldest == spared {
        passedOver = true
      } else {
        forget(oldest)
      }
    }
    return true
  }

  /// On its own, so that no second reference to the dictionary lives when it is changed.
  private mutating func takeOldestFinal() -> String? {
    let held = commands
    return finals.oldest { held[$0] != nil }
  }

  private mutating func forget(_ id: String) {
    guard let command = commands.removeValue(forKey: id) else { return }
    idsByDevice[command.device]?.removeAll { $0 == id }
    if idsByDevice[command.device]?.isEmpty == true { idsByDevice[command.device] = nil }
    statistics.held -= 1
    statistics.bytes -= command.bytes
    if !command.state.isFinal { statistics.open -= 1 }
    let held = commands
    finals.compact(expected: statistics.held) { held[$0] != nil }
  }
}
