/// What became of the readings of one append.
package struct AppendOutcome: Sendable, Equatable {
  /// New readings now held.
  package var stored = 0
  /// Readings that took the place of one with the same time.
  package var replaced = 0
  /// Of those stored: older than the newest reading of their series.
  package var late = 0
  /// Older than raw retention.
  package var refusedAsTooOld = 0
  /// An unknown series, or a text that is missing or too long.
  package var refusedAsInvalid = 0
  /// Readings evicted to make room, of whichever device.
  package var evicted = 0

  package init() {}

  mutating func add(_ other: AppendOutcome) {
    stored += other.stored
    replaced += other.replaced
    late += other.late
    refusedAsTooOld += other.refusedAsTooOld
    refusedAsInvalid += other.refusedAsInvalid
    evicted += other.evicted
  }
}
