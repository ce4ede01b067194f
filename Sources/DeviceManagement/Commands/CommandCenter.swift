import Synchronization

/// The command ledger behind one lock, with those who wait for commands. Nobody is called under the lock.
package final class CommandCenter: Sendable {
  struct State {
    var ledger: CommandLedger
    var waiters = CommandWaiters()
  }

  package let limits: DeviceManagementLimits
  let state: Mutex<State>
  private let random: @Sendable () -> UInt64

  /// - Parameter random: unguessable bits for identifiers.
  package init(
    limits: DeviceManagementLimits = DeviceManagementLimits(),
    random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }
  ) {
    self.limits = limits
    self.random = random
    state = Mutex(State(ledger: CommandLedger(limits: limits)))
  }

  /// A new command in the device's queue. `now` is Unix milliseconds, here as everywhere below.
  package func create(device: String, request: CommandRequest, now: Int64) throws(CommandError) -> Command {
    let random = (random(), random())
    return try state.withLock { state throws(CommandError) in
      try state.ledger.created(device: device, request: request, now: now, random: random)
    }
  }

  package func get(_ id: String) -> Command? { state.withLock { $0.ledger[id] } }

  /// The device's commands, oldest first.
  package func list(device: String) -> [Command] { state.withLock { $0.ledger.list(of: device) } }

  /// The newest command of the device that left the hub.
  package func lastSent(to device: String) -> Command? { state.withLock { $0.ledger.lastSent(to: device) } }

  package var statistics: CommandStatistics { state.withLock { $0.ledger.statistics } }

  /// Hands out the device's oldest queued commands, marking them `sent`: call it before writing them.
  package func takeQueued(for device: String, max maximum: Int, by route: CommandRoute, now: Int64) -> [Command] {
    state.withLock { $0.ledger.next(for: device, maximum: maximum, by: route, now: now) }
  }

  /// The device acknowledged the message that carried the command; `evidence` names how, as in "PUBACK".
  @discardableResult
  package func markDelivered(_ id: String, evidence: String = "PUBACK", now: Int64) -> Bool {
    state.withLock { $0.ledger.deliveredToDevice(id, evidence: evidence, now: now) }
  }

  /// Nothing left the hub after all: the command is queued again.
  @discardableResult
  package func markNotDelivered(_ id: String, evidence: String = "not written", now: Int64) -> Bool {
    state.withLock { $0.ledger.notDelivered(id, evidence: evidence, now: now) }
  }

  /// The device's word on `commands/{id}/result`.
  package func receivedResult(device: String, id: String, payload: [UInt8], now: Int64) -> ReportOutcome {
    let (outcome, released) = state.withLock { state in
      let outcome = state.ledger.resultReceived(id, from: device, payload: payload, now: now)
      return (outcome, state.waiters.takeReleased(by: state.ledger[id]))
    }
    released.resume()
    return outcome
  }

  /// Cancels what is still queued; else throws with the state.
  package func cancel(_ id: String, now: Int64) throws(CommandError) -> Command {
    let (command, released) = try state.withLock { state throws(CommandError) in
      let command = try state.ledger.cancelled(id, now: now)
      return (command, state.waiters.takeReleased(by: command))
    }
    released.resume()
    return command
  }

  /// Gives up what is past its deadline; returns what changed.
  @discardableResult
  package func expire(now: Int64) -> [Command] {
    let (changed, released) = state.withLock { state in
      let changed = state.ledger.timePassed(now: now)
      return (changed, changed.map { state.waiters.takeReleased(by: $0) })
    }
    for waiters in released { waiters.resume() }
    return changed
  }

  /// When `expire` has something to do, at the earliest; nil while nothing is open.
  package var nextDeadline: Int64? { state.withLock { $0.ledger.nextDeadline } }
}
