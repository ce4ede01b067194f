/// Why the database cannot be used, with what to do.
package enum DatabaseError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Another process has the directory.
  case inUse(directory: String)
  /// The file is of a later version of the hub.
  case tooNew(path: String, version: Int64, supported: Int64)
  case system(operation: String, reason: String)
  case sqlite(SQLiteError)

  package var description: String {
    switch self {
    case .inUse(let directory):
      "\(directory) is in use by another telemetry-hub: stop that one, or choose another directory with --data-dir"
    case .tooNew(let path, let version, let supported):
      "\(path) was written by a newer telemetry-hub (format \(version)); this one reads up to format \(supported): "
        + "install the newer one again, or choose another directory with --data-dir"
    case .system(let operation, let reason): "cannot \(operation): \(reason)"
    case .sqlite(let error): error.description
    }
  }

  /// What SQLite throws, as this.
  static func sqlite<Result>(_ body: () throws(SQLiteError) -> Result) throws(DatabaseError) -> Result {
    do throws(SQLiteError) { return try body() } catch { throw .sqlite(error) }
  }
}
