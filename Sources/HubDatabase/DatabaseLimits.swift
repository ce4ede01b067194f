/// Every bound of the database, in one place.
package struct DatabaseLimits: Sendable, Equatable {
  /// How long readings may wait for a commit, in milliseconds; 0: not at all.
  package var commitInterval: Int64
  /// How long readings that nobody waits for (QoS 0) wait for a commit, in milliseconds, where `commitInterval` is shorter.
  package var relaxedCommitInterval: Int64
  /// Bytes of records that wait for a commit; from there on `isFull`, and publishers are not read from.
  package var pendingCommitBytes: Int
  /// Bytes of the journal from which its readings are moved into chunks.
  package var journalBytes: Int64
  /// Bytes of chunks that one transaction writes while the journal is moved.
  package var checkpointSliceBytes: Int
  /// Frames (of 4 KiB) of SQLite's write-ahead log from which it is moved into the database.
  package var writeAheadLogFrames: Int
  /// Bytes of the file and its write-ahead log together. Where the file comes near, the oldest chunks of the device that has
  /// most are removed.
  package var diskBytes: Int64
  /// The write-ahead log's share of `diskBytes`.
  package var writeAheadLogReserve: Int64
  /// Whether the journal is moved into chunks when the database is stopped.
  package var emptiesJournal: Bool
  /// How long that may take, in milliseconds.
  package var emptyingTime: Int64
  /// Wait before a commit that failed is tried again, in milliseconds.
  package var retryInterval: Int64
  /// Bytes of memory for rollups that were read, with what was decoded of them; what was not asked for longest goes first.
  package var rollupCacheBytes: Int

  package init(
    commitInterval: Int64 = 0,
    relaxedCommitInterval: Int64 = 1_000,
    pendingCommitBytes: Int = 32 << 20,
    journalBytes: Int64 = 16 << 20,
    checkpointSliceBytes: Int = 256 << 10,
    writeAheadLogFrames: Int = 1_024,
    diskBytes: Int64 = 1 << 30,
    writeAheadLogReserve: Int64 = 16 << 20,
    emptiesJournal: Bool = true,
    emptyingTime: Int64 = 5_000,
    retryInterval: Int64 = 500,
    rollupCacheBytes: Int = 4 << 20
  ) {
    self.commitInterval = commitInterval
    self.relaxedCommitInterval = relaxedCommitInterval
    self.pendingCommitBytes = pendingCommitBytes
    self.journalBytes = journalBytes
    self.checkpointSliceBytes = checkpointSliceBytes
    self.writeAheadLogFrames = writeAheadLogFrames
    self.diskBytes = diskBytes
    self.writeAheadLogReserve = writeAheadLogReserve
    self.emptiesJournal = emptiesJournal
    self.emptyingTime = emptyingTime
    self.retryInterval = retryInterval
    self.rollupCacheBytes = rollupCacheBytes
  }

  /// Bytes that the file itself may have.
  var fileBytes: Int64 { max(CommitWriter.pageBytes, diskBytes - writeAheadLogReserve) }

  /// The same, with no part so large that it would fill a small file by itself: what is gathered, the journal and what moves
  /// it must fit beside one another in the tenth that is kept free.
  var fittingTheFile: DatabaseLimits {
    var limits = self
    limits.journalBytes = min(journalBytes, fileBytes / 16)
    limits.pendingCommitBytes = min(pendingCommitBytes, Int(fileBytes / 16))
    limits.checkpointSliceBytes = max(1, min(checkpointSliceBytes, Int(fileBytes / 32)))
    return limits
  }
}
