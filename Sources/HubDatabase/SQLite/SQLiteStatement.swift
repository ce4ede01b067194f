import CSQLite

/// A compiled statement: bound, stepped and reset again and again by its connection's owner.
final class SQLiteStatement {
  private let handle: OpaquePointer
  /// Keeps the connection open.
  private let connection: SQLiteConnection
  private let sql: String

  init(_ handle: OpaquePointer, of connection: SQLiteConnection, sql: String) {
    self.handle = handle
    self.connection = connection
    self.sql = sql
  }

  deinit { sqlite3_finalize(handle) }

  // MARK: Parameters, from 1

  func bind(_ index: Int32, _ value: Int64?) throws(SQLiteError) {
    try check(value.map { sqlite3_bind_int64(handle, index, $0) } ?? sqlite3_bind_null(handle, index))
  }

  /// Numbers of the hub's own have 63 bits.
  func bind(_ index: Int32, number: UInt64) throws(SQLiteError) {
    try bind(index, Int64(bitPattern: number))
  }

  func bind(_ index: Int32, _ text: String) throws(SQLiteError) {
    var text = text
    try check(
      text.withUTF8 {
        $0.withMemoryRebound(to: CChar.self) {
          sqlite3_bind_text64(
            handle, index, $0.baseAddress, UInt64($0.count), Self.copied, UInt8(SQLITE_UTF8))
        }
      })
  }

  func bind(_ index: Int32, _ bytes: [UInt8]?) throws(SQLiteError) {
    guard let bytes else { return try check(sqlite3_bind_null(handle, index)) }
    guard !bytes.isEmpty else { return try check(sqlite3_bind_zeroblob(handle, index, 0)) }
    try check(
      bytes.withUnsafeBytes { sqlite3_bind_blob64(handle, index, $0.baseAddress, UInt64($0.count), Self.copied) })
  }

  /// Binds bytes without copying them: they stay as they are until the statement is reset.
  func bind(_ index: Int32, borrowing bytes: UnsafeRawBufferPointer) throws(SQLiteError) {
    try check(sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), nil))
  }

  /// SQLITE_TRANSIENT, which C writes as a cast of -1.
  private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  // MARK: Rows

  /// Whether there is a next row.
  func step() throws(SQLiteError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw connection.error(code, doing: sql)
    }
  }

  /// Runs a statement that answers nothing, and has it ready for the next time.
  func run() throws(SQLiteError) {
    defer { reset() }
    _ = try step()
  }

  /// Binds parameters and runs.
  func run(_ bind: (SQLiteStatement) throws(SQLiteError) -> Void) throws(SQLiteError) {
    try bind(self)
    try run()
  }

  /// The one number that it answers; 0 where there is no row.
  func number() throws(SQLiteError) -> Int64 {
    defer { reset() }
    return try step() ? number(0) : 0
  }

  func reset() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }

  /// Binds the value of a column of another statement's row, of whatever kind it is.
  func bind(_ index: Int32, valueOf source: SQLiteStatement, _ column: Int32) throws(SQLiteError) {
    try check(sqlite3_bind_value(handle, index, sqlite3_column_value(source.handle, column)))
  }

  // MARK: Columns, from 0, while a row is there

  var columnCount: Int32 { sqlite3_column_count(handle) }

  func columnName(_ column: Int32) -> String { sqlite3_column_name(handle, column).map { String(cString: $0) } ?? "" }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  func number(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func unsigned(_ column: Int32) -> UInt64 { UInt64(bitPattern: number(column)) }

  func text(_ column: Int32) -> String {
    guard let start = sqlite3_column_text(handle, column) else { return "" }
    let count = Int(sqlite3_column_bytes(handle, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { Array($0) } }

  /// The column's bytes without their checksum; nil where it does not fit them.
  func checkedBytes(_ column: Int32) -> [UInt8]? { withBytes(column) { CheckedBlob.content(of: $0).map { Array($0) } } }

  /// The column's bytes, which are valid in `body` only.
  func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let start = sqlite3_column_blob(handle, column)
    return body(
      UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column))))
  }

  private func check(_ code: Int32) throws(SQLiteError) {
    guard code == SQLITE_OK else { throw connection.error(code, doing: sql) }
  }
}
