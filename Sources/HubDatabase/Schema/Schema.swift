import CSQLite

/// The tables of the database file (docs/database-format.md).
enum Schema {
  /// `PRAGMA application_id`: "TLHB".
  static let applicationID: Int64 = 0x544C_4842
  /// `PRAGMA user_version` of the files that this version writes.
  static let version = Int64(migrations.count)

  /// From an empty file to version 1, from version 1 to 2, and so on.
  private static let migrations: [String] = [
    """
    CREATE TABLE series(
      id INTEGER PRIMARY KEY, device TEXT NOT NULL, metric TEXT NOT NULL, received INTEGER,
      bytes INTEGER NOT NULL DEFAULT 0);
    CREATE UNIQUE INDEX series_names ON series(device, metric);
    CREATE TABLE chunks(
      series INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL,
      data BLOB NOT NULL, PRIMARY KEY(series, first)) WITHOUT ROWID;
    CREATE TABLE journal(id INTEGER PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE sessions(
      id INTEGER PRIMARY KEY, client TEXT NOT NULL, expiry INTEGER NOT NULL, will BLOB, left_at INTEGER,
      will_due_at INTEGER);
    CREATE TABLE subscriptions(
      session INTEGER NOT NULL, filter BLOB NOT NULL, options BLOB NOT NULL, PRIMARY KEY(session, filter))
      WITHOUT ROWID;
    CREATE TABLE messages(id INTEGER PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE deliveries(
      session INTEGER NOT NULL, serial INTEGER NOT NULL, message INTEGER NOT NULL, stage INTEGER NOT NULL,
      packet INTEGER NOT NULL, place INTEGER NOT NULL, options BLOB NOT NULL, PRIMARY KEY(session, serial))
      WITHOUT ROWID;
    CREATE TABLE exchanges(
      session INTEGER NOT NULL, packet INTEGER NOT NULL, message INTEGER NOT NULL, PRIMARY KEY(session, packet))
      WITHOUT ROWID;
    CREATE TABLE retained(topic BLOB PRIMARY KEY, serial INTEGER NOT NULL, data BLOB NOT NULL) WITHOUT ROWID;
    """,
    """
    ALTER TABLE series ADD COLUMN rollup_bytes INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE series ADD COLUMN readings_from INTEGER;
    ALTER TABLE series ADD COLUMN minutes_from INTEGER;
    ALTER TABLE series ADD COLUMN journal INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE rollups(
      series INTEGER NOT NULL, level INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
      count INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY(series, level, first)) WITHOUT ROWID;
    CREATE TABLE state(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO state SELECT 'rollups', 0 WHERE EXISTS(SELECT 1 FROM chunks);
    """,
  ]

  /// Settings of a connection that writes. Has to come before anything is read.
  static func configureWriter(_ connection: SQLiteConnection) throws(SQLiteError) {
    connection.setBusyTimeout(5_000)
    try connection.execute("PRAGMA journal_mode=WAL")
    try connection.execute("PRAGMA synchronous=FULL")
    try connection.execute("PRAGMA journal_size_limit=\(16 << 20)")
    try connection.execute("PRAGMA temp_store=MEMORY")
    try connection.execute("PRAGMA cache_size=-2048")
  }

  static func configureReader(_ connection: SQLiteConnection) throws(SQLiteError) {
    connection.setBusyTimeout(5_000)
    try connection.execute("PRAGMA query_only=1")
    try connection.execute("PRAGMA cache_size=-2048")
  }

  /// How many later versions may have been released; what is beyond was not written by a hub.
  private static let plausibleVersions: Int64 = 1 << 24

  /// The version of the file, which is 0 where it is empty.
  ///
  /// - Throws: `tooNew` for a later version than this one; damage for what is no version that a hub could have.
  @discardableResult
  static func checkVersion(_ connection: SQLiteConnection) throws(DatabaseError) -> Int64 {
    let found = try DatabaseError.sqlite { () throws(SQLiteError) in try connection.number("PRAGMA user_version") }
    guard (0...version + plausibleVersions).contains(found) else {
      throw .sqlite(
        SQLiteError(
          code: SQLITE_CORRUPT, reason: "no hub writes files of version \(found)", operation: "open \(connection.path)")
      )
    }
    guard found <= version else { throw .tooNew(path: connection.path, version: found, supported: version) }
    return found
  }

  /// Brings the file to this version, each step in a transaction of its own.
  ///
  /// - Throws: `tooNew` for a file of a later version; damage for one whose tables are not those of its version.
  static func migrate(_ connection: SQLiteConnection) throws(DatabaseError) {
    let found = try checkVersion(connection)
    for (step, sql) in migrations.enumerated().dropFirst(Int(found)) {
      try DatabaseError.sqlite { () throws(SQLiteError) in
        do throws(SQLiteError) {
          try connection.execute(
            "BEGIN IMMEDIATE; \(sql) PRAGMA application_id=\(applicationID); PRAGMA user_version=\(step + 1); COMMIT")
        } catch  where error.code == SQLITE_ERROR {
          // The step is right for every file of that version: what it finds in its way came there with another version.
          throw SQLiteError(
            code: SQLITE_CORRUPT, reason: "its tables are not those of version \(step): \(error.reason)",
            operation: "open \(connection.path)")
        }
      }
    }
  }
}
