/// Decides what becomes of a command: runs it once, rejects it with a reason, or repeats what became of it before.
package struct CommandRunner {
  private var journal: CommandJournal
  private var handlers: [String: CommandHandler] = [:]

  package init(journal: CommandJournal) { self.journal = journal }

  /// Offers a command; one of the same name is replaced.
  package mutating func offer(_ handler: CommandHandler) { handlers[handler.name] = handler }

  /// The names of the commands on offer, sorted.
  package var names: [String] { handlers.keys.sorted() }

  /// Takes one command from the hub to its end.
  ///
  /// - Parameters:
  ///   - now: Unix milliseconds, the hub's where they are known.
  ///   - report: called for each state as it is reached; the last one is final.
  package mutating func receive(_ command: Command, now: Int64, report: (CommandReport) -> Void) {
    switch journal[command.id] {
    case .finished(let last):
      report(last)
      return
    case .begun:
      finish(
        CommandReport(
          id: command.id, status: .failed,
          error: "the agent was interrupted while it ran this command; it may have had its effect"), report)
      return
    case nil: break
    }
    let id = command.id
    do throws(CommandJournal.Failure) {
      try journal.begin(command, now: now)
    } catch {
      report(CommandReport(id: id, status: .rejected, error: "\(error)"))
      return
    }
    guard let handler = handlers[command.name] else {
      let offered = names.joined(separator: ", ")
      reject(id, "unknown command \"\(command.name)\"; this device offers \(offered)", report)
      return
    }
    if let notAfter = command.notAfter, now > notAfter {
      let (late, overflow) = now.subtractingReportingOverflow(notAfter)
      reject(id, "expired: it should have begun \(overflow ? "long" : "\(late) ms") ago", report)
      return
    }
    report(CommandReport(id: id, status: .accepted))
    if handler.mayTakeLong { report(CommandReport(id: id, status: .running)) }
    do {
      finish(CommandReport(id: id, status: .succeeded, result: try handler.run(command)), report)
    } catch let rejection as CommandRejection {
      reject(id, rejection.reason, report)
    } catch {
      finish(CommandReport(id: id, status: .failed, error: "\(error)"), report)
    }
  }

  /// Answers a message that has an identifier but is not a command.
  package mutating func refuse(malformed id: String, reason: String, report: (CommandReport) -> Void) {
    // Nothing can have run under this identifier unless the journal knows it; then that is the truth to tell.
    if case .finished(let last) = journal[id] {
      report(last)
    } else {
      report(CommandReport(id: id, status: .rejected, error: reason))
    }
  }

  private mutating func reject(_ id: String, _ reason: String, _ report: (CommandReport) -> Void) {
    finish(CommandReport(id: id, status: .rejected, error: reason), report)
  }

  /// A result that cannot be kept is told all the same: the command did run, and its beginning is kept.
  private mutating func finish(_ last: CommandReport, _ report: (CommandReport) -> Void) {
    try? journal.finish(last)
    report(last)
  }
}
