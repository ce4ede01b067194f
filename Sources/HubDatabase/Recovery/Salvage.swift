/// Copies every row that can still be read from a damaged file into a new one.
struct Salvage {
  /// A table and the columns that its rows are found by.
  private struct Table {
    let name: String
    let key: String
  }

  private static let tables = [
    Table(name: "series", key: "id"), Table(name: "chunks", key: "series, first"),
    Table(name: "rollups", key: "series, level, first"), Table(name: "journal", key: "id"),
    Table(name: "sessions", key: "id"), Table(name: "subscriptions", key: "session, filter"),
    Table(name: "messages", key: "id"), Table(name: "deliveries", key: "session, serial"),
    Table(name: "exchanges", key: "session, packet"), Table(name: "retained", key: "topic"),
  ]

  private let damaged: SQLiteConnection
  private let new: SQLiteConnection
  /// Rows that were copied.
  private(set) var rows = 0

  /// - Parameter new: a file with the tables of this version and nothing in them.
  init(from damaged: SQLiteConnection, to new: SQLiteConnection) {
    self.damaged = damaged
    self.new = new
  }

  /// - Throws: what the new file says; the old one's errors are the reason for all this.
  mutating func run() throws(SQLiteError) {
    try new.execute("BEGIN IMMEDIATE")
    for table in Self.tables {
      // From both ends: a damaged page hides what lies behind it in one direction only.
      try copy(table, order: table.key)
      try copy(table, order: table.key.split(separator: ", ").map { "\($0) DESC" }.joined(separator: ", "))
      if table.name == "series" { try copyNames() }
      if table.name == "chunks" { try copyChunksBySeries() }
    }
    try new.execute(
      """
      UPDATE series SET bytes = (SELECT coalesce(sum(length(data)), 0) FROM chunks WHERE chunks.series = series.id),
        rollup_bytes = (SELECT coalesce(sum(length(data)), 0) FROM rollups WHERE rollups.series = series.id),
        journal = 0;
      INSERT OR REPLACE INTO state VALUES('\(RollupRecomputation.state)', 0);
      COMMIT
      """)
  }

  private mutating func copy(_ table: Table, order: String) throws(SQLiteError) {
    try copy(table.name, from: "SELECT * FROM \(table.name) ORDER BY \(order)")
  }

  /// Names from their index, the second place where they stand: without them everything else means nothing.
  private mutating func copyNames() throws(SQLiteError) {
    for order in ["ASC", "DESC"] {
      try copy(
        "series",
        from:
          "SELECT id, device, metric FROM series INDEXED BY series_names ORDER BY device \(order), metric \(order)"
      )
    }
  }

  /// Series by series, so that a damaged page takes the chunks of the series on it alone.
  private mutating func copyChunksBySeries() throws(SQLiteError) {
    let last = try new.number("SELECT max(id) FROM series")
    guard last > 0 else { return }
    for series in 1...last {
      for order in ["ASC", "DESC"] {
        try copy("chunks", from: "SELECT * FROM chunks WHERE series = \(series) ORDER BY first \(order)")
      }
    }
  }

  private mutating func copy(_ table: String, from query: String) throws(SQLiteError) {
    guard let source = try? damaged.prepare(query) else { return }
    // By name: the damaged file may be of an earlier version.
    let names = (0..<source.columnCount).map { source.columnName($0) }.joined(separator: ", ")
    let places = (1...source.columnCount).map { "?\($0)" }.joined(separator: ", ")
    let target = try new.prepare("INSERT OR IGNORE INTO \(table)(\(names)) VALUES(\(places))")
    while (try? source.step()) == true {
      for column in 0..<source.columnCount { try target.bind(column + 1, valueOf: source, column) }
      try target.run()
      rows += new.changes
    }
  }
}
