/// What became of a result message.
package enum ReportOutcome: Sendable, Equatable {
  /// It moved the command, or added to what is known of it.
  case recorded(CommandState)
  /// The device had already ended the command: nothing changed.
  case ignored(CommandState)
  /// No such command of this device: never made, or forgotten.
  case noSuchCommand
  /// It could not be read; the command keeps this as evidence.
  case unreadable(reason: String)
}
