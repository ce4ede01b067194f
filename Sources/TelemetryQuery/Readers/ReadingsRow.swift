package import TimeSeriesStorage

/// One row of an answer: a reading, or a window with its aggregate.
package struct ReadingsRow: Sendable, Equatable {
  /// Index into the reader's `series`.
  package var series: Int
  /// The reading's time or the window's start, Unix milliseconds.
  package var time: Int64
  package var value: Value

  package init(series: Int, time: Int64, value: Value) {
    self.series = series
    self.time = time
    self.value = value
  }
}

/// Rows of one series, one after the other.
package struct ReadingsRun: Sendable {
  /// Index into the reader's `series`.
  package let series: Int
  package let columns: ReadingColumns
}
