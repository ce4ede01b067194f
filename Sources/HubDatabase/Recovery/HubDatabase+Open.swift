import Glibc
package import Logging
package import MQTTBroker
package import TimeSeriesStorage

extension HubDatabase {
  /// The file in its directory.
  package static let fileName = "hub.db"

  /// What `open` gives.
  package struct Opened: Sendable {
    package let database: HubDatabase
    /// Holds what the file holds.
    package let store: TimeSeriesStore
    /// What outlives the broker's connections.
    package let broker: RestoredState
    package let report: RecoveryReport
  }

  /// Opens the database of a directory, makes it where there is none, and brings what it holds into a new store.
  ///
  /// A damaged file is moved aside, and what can be read of it goes into a new one.
  ///
  /// - Parameter vfs: the name of a VFS that was registered with SQLite; nil is the system's own.
  /// - Throws: `DatabaseError`, where another hub has the directory, where it cannot be written, and for a file of a
  ///   later version.
  package static func open(
    directory: String, storage: StorageLimits = StorageLimits(), limits: DatabaseLimits = DatabaseLimits(),
    logger: Logger, vfs: String? = nil
  ) throws(DatabaseError) -> Opened {
    let limits = limits.fittingTheFile
    let lock = try DirectoryLock(directory: directory)
    removeUnfinishedBackup(directory: directory)
    let path = directory + "/" + fileName
    let file = DatabaseFile(path: path, vfs: vfs)
    if !DamagedFile.isMarked(path) {
      do throws(DatabaseError) {
        return try open(file, file.connection(), lock, storage, limits, logger)
      } catch .sqlite(let error) where error.isDamage {
        logger.error("\(path) is damaged: \(error)")
      }
    }
    let damaged = try DamagedFile(movingAside: path)
    let new = try file.connection()
    let rows = try salvage(damaged, to: new, vfs: vfs)
    DamagedFile.unmark(path)
    logger.error(
      "\(path) was damaged: it is kept as \(damaged.path), and \(rows) rows that could be read are in a new file")
    return try open(file, new, lock, storage, limits, logger)
  }

  private static func open(
    _ file: DatabaseFile, _ connection: sending SQLiteConnection, _ lock: DirectoryLock, _ storage: StorageLimits,
    _ limits: DatabaseLimits, _ logger: Logger
  ) throws(DatabaseError) -> Opened {
    let store = TimeSeriesStore(limits: storage)
    let numbers = Shared(SeriesNumbers())
    let coverage = Shared(StoredCoverage())
    let database = HubDatabase(
      file, numbers: numbers, coverage: coverage, limits: limits, lock: lock, logger: logger)
    // Before anything comes into memory: what is not on disk as a chunk must stay there.
    store.attach(archive: database)
    let (report, broker, writer) = try DatabaseError.sqlite { () throws(SQLiteError) in
      var recovery = Recovery(connection, store: store, numbers: numbers, coverage: coverage)
      let (report, broker) = try recovery.run()
      let writer = try CommitWriter(
        connection, store: store, numbers: numbers, storedBytes: recovery.storedBytes, coverage: coverage,
        rollupCache: database.rollupCache, broker: broker, limits: limits)
      return (report, broker, writer)
    }
    try database.start(writer)
    return Opened(database: database, store: store, broker: broker, report: report)
  }

  private static func salvage(
    _ damaged: DamagedFile, to new: SQLiteConnection, vfs: String?
  ) throws(DatabaseError) -> Int {
    // Where not even its first page can be read, there is nothing to take.
    guard let old = try? SQLiteConnection(path: damaged.path, mode: .readWrite, vfs: vfs) else { return 0 }
    return try DatabaseError.sqlite { () throws(SQLiteError) in
      var salvage = Salvage(from: old, to: new)
      try salvage.run()
      return salvage.rows
    }
  }
}

/// Where a database is, and how it is opened for writing.
struct DatabaseFile {
  let path: String
  let vfs: String?

  /// A connection that writes, to a file with the tables of this version.
  ///
  /// - Throws: `tooNew` for a file of a later version; it is left as it is.
  func connection() throws(DatabaseError) -> sending SQLiteConnection {
    try refuseLaterVersion()
    let connection = try DatabaseError.sqlite { () throws(SQLiteError) in
      let connection = try SQLiteConnection(path: path, mode: .readWrite, vfs: vfs)
      try Schema.configureWriter(connection)
      return connection
    }
    try Schema.migrate(connection)
    return connection
  }

  /// Looks at the file without writing: a connection that may write would move the log that a killed hub left into it.
  private func refuseLaterVersion() throws(DatabaseError) {
    guard access(path, F_OK) == 0 else { return }
    let reader = try DatabaseError.sqlite { () throws(SQLiteError) in
      try SQLiteConnection(path: path, mode: .readOnly, vfs: vfs)
    }
    reader.setBusyTimeout(5_000)
    try Schema.checkVersion(reader)
  }
}
