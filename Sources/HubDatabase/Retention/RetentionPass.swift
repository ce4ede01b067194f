import TimeSeriesStorage

/// What is older than these times goes, Unix milliseconds.
package struct RetentionCutoffs: Sendable, Equatable {
  package var readings: Int64
  /// Rollups of a minute.
  package var minutes: Int64
  /// Rollups of an hour.
  package var hours: Int64

  package init(readings: Int64, minutes: Int64 = .min, hours: Int64 = .min) {
    self.readings = readings
    self.minutes = minutes
    self.hours = hours
  }
}

/// Removes chunks and segments of rollups that are too old as a whole, some series at a time.
struct RetentionPass {
  let cutoffs: RetentionCutoffs
  /// The last series, by its number in the file, that was looked at.
  var last: Int64 = 0

  /// Series that one transaction looks at.
  static let seriesAtOnce: Int64 = 1_000
}

extension CommitWriter {
  /// Looks at the next series; the pass is over where there is none.
  func advanceRetention() throws(SQLiteError) {
    guard var pass = retention else { return }
    let end = pass.last + RetentionPass.seriesAtOnce
    try transaction { () throws(SQLiteError) in
      for number in pass.last + 1...end where storedBytes.has(number) {
        removedReadings += try removeReadings(ofSeries: number, before: pass.cutoffs.readings).readings
        try removeRollups(ofSeries: number, .minute, before: pass.cutoffs.minutes)
        try removeRollups(ofSeries: number, .hour, before: pass.cutoffs.hours)
      }
    }
    pass.last = end
    retention = end >= storedBytes.lastSeries ? nil : pass
  }
}
