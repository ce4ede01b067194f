package import Logging
package import TimeSeriesStorage

extension HubDatabase {
  /// The file in its directory.
  static let fileName = "hub.db"

  /// Opens the database of a directory, makes it where there is none, and brings what it holds into the store.
  ///
  /// - Throws: `DatabaseError`, where another hub has the directory, where it cannot be written, and for a file of a
  ///   later version.
  package static func open(
    directory: String, store: TimeSeriesStore, limits: DatabaseLimits = DatabaseLimits(), logger: Logger
  ) throws(DatabaseError) -> (database: HubDatabase, report: RecoveryReport) {
    let lock = try DirectoryLock(directory: directory)
    let connection = try DatabaseError.sqlite { () throws(SQLiteError) in
      let connection = try SQLiteConnection(path: directory + "/" + fileName, mode: .readWrite)
      try Schema.configureWriter(connection)
      return connection
    }
    try Schema.migrate(connection)
    let numbers = Shared(SeriesNumbers())
    let (report, writer) = try DatabaseError.sqlite { () throws(SQLiteError) in
      var recovery = Recovery(connection, store: store, numbers: numbers)
      let report = try recovery.run()
      return (report, try CommitWriter(connection, store: store, numbers: numbers, limits: limits))
    }
    let database = HubDatabase(limits: limits, lock: lock, logger: logger)
    try database.start(writer)
    return (database, report)
  }
}
