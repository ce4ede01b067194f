/// Counts of what a device sent.
package struct DeviceCounts: Sendable, Equatable {
  /// Telemetry messages.
  package var messages: Int
  /// Readings taken from them.
  package var readings: Int
  /// Values that are not readings: null, empty, too long.
  package var skipped: Int
  /// Times replaced by the time of receipt.
  package var redatedTimestamps: Int
  /// Readings older than raw retention.
  package var refused: Int
  /// Values left out because their metric got no series: a limit on their number was reached.
  package var withoutSeries: Int
  /// Messages that could not be read.
  package var deadLetters: Int

  package init(
    messages: Int = 0, readings: Int = 0, skipped: Int = 0, redatedTimestamps: Int = 0, refused: Int = 0,
    withoutSeries: Int = 0, deadLetters: Int = 0
  ) {
    self.messages = messages
    self.readings = readings
    self.skipped = skipped
    self.redatedTimestamps = redatedTimestamps
    self.refused = refused
    self.withoutSeries = withoutSeries
    self.deadLetters = deadLetters
  }
}
