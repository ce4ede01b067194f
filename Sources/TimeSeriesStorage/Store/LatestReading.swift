/// The newest reading of a series (by its time) and when it came.
package struct LatestReading: Sendable, Equatable {
  package var reading: Reading
  /// When the hub received it, Unix milliseconds.
  package var received: Int64

  package init(reading: Reading, received: Int64) {
    self.reading = reading
    self.received = received
  }
}
