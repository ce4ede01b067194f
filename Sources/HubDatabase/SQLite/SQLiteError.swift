import CSQLite

/// What SQLite said of a call that failed.
package struct SQLiteError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The extended result code (sqlite.org/rescode.html).
  package var code: Int32
  /// SQLite's words for it, with those of the operating system where it has them.
  package var reason: String
  /// What was being done.
  package var operation: String

  package var description: String { "cannot \(operation): \(reason)" }

  /// The code without its extension.
  private var primaryCode: Int32 { code & 0xFF }

  /// What the file holds is not what SQLite wrote.
  package var isDamage: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }
}
