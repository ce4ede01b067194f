/// What a start found in the file.
package struct RecoveryReport: Sendable, Equatable {
  package var series = 0
  /// Readings of the journal.
  package var journalReadings = 0
  /// Rows of the journal that could not be read to their end.
  package var damagedRows = 0

  package init() {}
}

extension RecoveryReport: CustomStringConvertible {
  package var description: String {
    var parts = ["\(series) series", "\(journalReadings) readings from the journal"]
    if damagedRows > 0 { parts.append("\(damagedRows) rows of the journal were damaged") }
    return parts.joined(separator: ", ")
  }
}
