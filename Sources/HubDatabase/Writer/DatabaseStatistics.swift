/// What the database counts, as `/metrics` shows it.
package struct DatabaseStatistics: Sendable, Equatable {
  package var commits = 0
  /// Commits that failed and were tried again.
  package var failedCommits = 0
  /// From the moment the writer took the records until they were durable.
  package var commitLatency = LatencyCounts()
  /// Readings in committed journal rows.
  package var readings = 0
  /// Bytes of the journal.
  package var journalBytes: Int64 = 0
  /// Bytes of chunks.
  package var chunkBytes: Int64 = 0
  /// Bytes of rollups.
  package var rollupBytes: Int64 = 0
  /// Bytes of the file's pages that hold something.
  package var usedBytes: Int64 = 0
  /// Readings that went because of retention or the disk's budget.
  package var removedReadings = 0
  /// Rows whose content is not what was written; they are left out of answers.
  package var damagedRows = 0
  /// Bytes of records that wait for a commit.
  package var pendingBytes = 0

  package init() {}

  mutating func look(at writer: CommitWriter) {
    journalBytes = writer.journalBytes
    chunkBytes = writer.storedBytes.total(.chunks)
    rollupBytes = writer.storedBytes.total(.rollups)
    usedBytes = writer.usedPages * CommitWriter.pageBytes
    removedReadings = writer.removedReadings
  }
}

/// Why nothing can be committed at the moment.
package struct DatabaseTrouble: Sendable, Equatable {
  package var reason: String
}
