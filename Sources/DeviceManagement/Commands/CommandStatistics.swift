/// What the command ledger counts.
package struct CommandStatistics: Sendable, Equatable {
  package internal(set) var created = 0
  /// Entries into each state, in the order of `CommandState.allCases`.
  package internal(set) var entered: [CommandState: Int] = [:]
  package internal(set) var refused = 0
  /// Reports on a command that the device had already ended.
  package internal(set) var reportsIgnored = 0
  package internal(set) var reportsUnreadable = 0
  package internal(set) var reportsWithoutCommand = 0
  /// Commands held now.
  package internal(set) var held = 0
  /// Of these, not final.
  package internal(set) var open = 0
  /// Bytes of names, arguments and results held.
  package internal(set) var bytes = 0
}
