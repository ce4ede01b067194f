/// Dead letters as they stood at one moment.
package struct DeadLetterSnapshot: Sendable {
  /// Newest first.
  package var letters: [DeadLetter]
  /// All that were ever recorded.
  package var total: UInt64
  /// How many the ring holds.
  package var kept: Int
}
