/// What a start found in the file.
package struct RecoveryReport: Sendable, Equatable {
  package var series = 0
  /// Readings of the chunks that were loaded; older ones stay on disk until somebody asks for them.
  package var chunkReadings = 0
  /// Readings of the journal.
  package var journalReadings = 0
  package var sessions = 0
  /// Retained messages.
  package var retained = 0
  /// Rows that could not be read.
  package var damagedRows = 0

  package init() {}
}

extension RecoveryReport: CustomStringConvertible {
  package var description: String {
    var parts = ["\(series) series", "\(chunkReadings) readings in chunks", "\(journalReadings) in the journal"]
    parts += ["\(sessions) sessions", "\(retained) retained messages"]
    if damagedRows > 0 { parts.append("\(damagedRows) rows were damaged and left out") }
    return parts.joined(separator: ", ")
  }
}
