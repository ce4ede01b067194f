import CSQLite

/// A connection to a database file. Of one thread at a time.
final class SQLiteConnection {
  enum Mode {
    case readWrite
    /// Sees what is committed, and never writes.
    case readOnly
  }

  let path: String
  private let handle: OpaquePointer
  /// Frames in the write-ahead log after this connection's last commit.
  private(set) var writeAheadLogFrames = 0

  /// - Parameter vfs: the name of a registered VFS; nil is the system's own.
  init(path: String, mode: Mode, vfs: String? = nil) throws(SQLiteError) {
    self.path = path
    var handle: OpaquePointer?
    let access = mode == .readWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
    // Without SQLite's own lock: a connection is its owner's.
    let flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = sqlite3_open_v2(path, &handle, flags, vfs)
    guard code == SQLITE_OK, let handle else {
      let error = SQLiteError(code: code, reason: Self.reason(of: code, on: handle), operation: "open \(path)")
      sqlite3_close_v2(handle)
      throw error
    }
    self.handle = handle
    // Takes the place of SQLite's own hook too, which would move the log whenever it is long.
    sqlite3_wal_hook(
      handle,
      { context, _, _, frames in
        if let context {
          Unmanaged<SQLiteConnection>.fromOpaque(context).takeUnretainedValue().writeAheadLogFrames = Int(frames)
        }
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit { sqlite3_close_v2(handle) }

  /// Runs statements that answer nothing.
  func execute(_ sql: String) throws(SQLiteError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw error(code, doing: sql) }
  }

  /// Compiles one statement, to be used many times.
  func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard code == SQLITE_OK, let statement else { throw error(code, doing: sql) }
    return SQLiteStatement(statement, of: self, sql: sql)
  }

  /// The one number that `sql` answers; 0 where there is no row.
  func number(_ sql: String) throws(SQLiteError) -> Int64 { try prepare(sql).number() }

  /// Rows that the last statement changed.
  var changes: Int { Int(sqlite3_changes64(handle)) }

  /// Whether a transaction is open: some errors end it by themselves.
  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// Waits so long for a lock that another process has, in milliseconds.
  func setBusyTimeout(_ milliseconds: Int32) { sqlite3_busy_timeout(handle, milliseconds) }

  /// Moves what the write-ahead log holds into the database, as far as readers allow. Where all of it was moved, the log
  /// begins anew with the next commit.
  func checkpoint() throws(SQLiteError) {
    let code = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    guard code == SQLITE_OK else { throw error(code, doing: "move the write-ahead log into the database") }
  }

  func error(_ code: Int32, doing operation: String) -> SQLiteError {
    SQLiteError(code: code, reason: Self.reason(of: code, on: handle), operation: operation)
  }

  private static func reason(of code: Int32, on handle: OpaquePointer?) -> String {
    let words = String(cString: handle == nil ? sqlite3_errstr(code) : sqlite3_errmsg(handle))
    let system = handle.map(sqlite3_system_errno) ?? 0
    guard system != 0 else { return "\(words) (SQLite \(code))" }
    return "\(words) (SQLite \(code); \(SystemFailure.words(for: system)))"
  }
}
