/// What ingest has done, as plain numbers.
package struct IngestTotals: Sendable, Equatable {
  /// Messages looked at, dead letters included.
  package var messages: UInt64 = 0
  /// Payload bytes of those.
  package var bytes: UInt64 = 0
  /// Readings handed to the store.
  package var readings: UInt64 = 0
  /// Values left out because they were `null`.
  package var skippedNulls: UInt64 = 0
  /// Objects and arrays with nothing in them.
  package var skippedEmpty: UInt64 = 0
  /// Texts longer than the limit.
  package var skippedLongTexts: UInt64 = 0
  /// Values whose key makes no metric name of 1-128 bytes.
  package var skippedInvalidMetrics: UInt64 = 0
  /// Numbers beyond what a double can hold, such as 1e400.
  package var skippedNumbers: UInt64 = 0
  /// Members of a metric's own message that it knows nothing of.
  package var skippedMembers: UInt64 = 0
  /// Values of series that the store has no place for.
  package var refusedSeries: UInt64 = 0
  /// Readings older than raw retention.
  package var refusedTooOld: UInt64 = 0
  /// Integers past 2^53 that a double could not hold exactly.
  package var roundedIntegers: UInt64 = 0
  /// Times before 2000 or more than a day ahead, replaced by the time of receipt.
  package var redatedTimestamps: UInt64 = 0
  package var deadLetters = DeadLetterCounts()

  package init() {}

  /// Every value left out of a message that was otherwise kept.
  package var skipped: UInt64 {
    skippedNulls &+ skippedEmpty &+ skippedLongTexts &+ skippedInvalidMetrics &+ skippedNumbers &+ skippedMembers
      &+ refusedSeries &+ refusedTooOld
  }

  /// Adds `other` to these.
  mutating func add(_ other: IngestTotals) {
    messages &+= other.messages
    bytes &+= other.bytes
    readings &+= other.readings
    skippedNulls &+= other.skippedNulls
    skippedEmpty &+= other.skippedEmpty
    skippedLongTexts &+= other.skippedLongTexts
    skippedInvalidMetrics &+= other.skippedInvalidMetrics
    skippedNumbers &+= other.skippedNumbers
    skippedMembers &+= other.skippedMembers
    refusedSeries &+= other.refusedSeries
    refusedTooOld &+= other.refusedTooOld
    roundedIntegers &+= other.roundedIntegers
    redatedTimestamps &+= other.redatedTimestamps
    deadLetters.add(other.deadLetters)
  }

  /// Adds what one message left out.
  mutating func add(_ tally: SkipTally) {
    skippedNulls &+= UInt64(tally.nulls)
    skippedEmpty &+= UInt64(tally.empty)
    skippedLongTexts &+= UInt64(tally.longTexts)
    skippedInvalidMetrics &+= UInt64(tally.invalidMetrics)
    skippedNumbers &+= UInt64(tally.numbers)
    skippedMembers &+= UInt64(tally.unknownMembers)
    refusedSeries &+= UInt64(tally.refusedSeries)
    refusedTooOld &+= UInt64(tally.tooOld)
    roundedIntegers &+= UInt64(tally.roundedIntegers)
    redatedTimestamps &+= UInt64(tally.redated)
  }
}
