/// What became of one message.
package enum IngestResult: Sendable, Equatable {
  /// Well-formed: `readings` wait for the next flush; `skipped` values were left out and counted by cause.
  case accepted(readings: Int, skipped: Int)
  /// Not well-formed: nothing of it is kept, and the dead letter has been recorded.
  case deadLetter(DeadLetterReason)
}
