/// What the database counts, as `/metrics` shows it.
package struct DatabaseStatistics: Sendable, Equatable {
  package var commits = 0
  /// Commits that failed and were tried again.
  package var failedCommits = 0
  /// Of all commits together, from the moment the writer took the records.
  package var commitMicroseconds: Int64 = 0
  /// Of the slowest commit.
  package var slowestCommitMicroseconds: Int64 = 0
  /// Readings in committed journal rows.
  package var readings = 0
  /// Bytes of the journal.
  package var journalBytes: Int64 = 0
  /// Bytes of records that wait for a commit.
  package var pendingBytes = 0

  package init() {}
}

/// Why nothing can be committed at the moment.
package struct DatabaseTrouble: Sendable, Equatable {
  package var reason: String
}
