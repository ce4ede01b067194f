import Glibc
import MQTTBroker
import Testing
import TimeSeriesStorage

@testable import HubDatabase

/// Files of every version there was: older ones are brought forward with all they hold, newer ones are left alone.
@Suite struct SchemaTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.path + "/" + HubDatabase.fileName }

  init() throws { directory = try TemporaryDirectory() }

  /// The versions of which a file is kept, this one's too.
  private static let versions = FormerFile.all.map(\.version)

  @Test func everyFormerVersionHasAFile() {
    #expect(Set(Self.versions).isSuperset(of: 1..<max(2, Schema.version)), "a migration without a file to try it on")
  }

  @Test(arguments: FormerFile.all) func isBroughtForward(_ file: FormerFile) throws {
    try file.write(to: path)
    let hub = try TestDatabase(directory)
    #expect(try hub.number("PRAGMA user_version") == Schema.version)
    #expect(try hub.number("PRAGMA application_id") == Schema.applicationID)
    try expectContents(of: hub, file)
    hub.database.stop()
    #expect(try tables(path) == tables(ofNewFileIn: TemporaryDirectory()))
    #expect(try text("PRAGMA integrity_check") == "ok")
  }

  /// Brought forward once; then it is a file like any other, that goes on from where it was.
  @Test(arguments: FormerFile.all) func goesOnFromThere(_ file: FormerFile) throws {
    try file.write(to: path)
    try TestDatabase(directory).database.stop()
    let hub = try TestDatabase(directory)
    try expectContents(of: hub, file)
    let (kitchen, attic) = try (hub.series("kitchen", "temperature"), hub.series("attic"))
    let time = FormerFile.start + 3_600_000
    try hub.append([(kitchen, time, .number(25)), (attic, time, .text("dry"))])
    hub.database.stop()
    let again = try TestDatabase(directory)
    #expect(try again.readings("kitchen", "temperature").last == Reading(time: time, value: .number(25)))
    #expect(try again.readings("attic") == [Reading(time: time, value: .text("dry"))])
    again.database.stop()
  }

  /// A step that cannot be done leaves the file at the version before, whole; it is damage, and kept aside.
  @Test func aStepThatFailsChangesNothing() throws {
    do {
      let connection = try SQLiteConnection(path: path, mode: .readWrite)
      // In the way of the last table of the first step.
      try connection.execute("CREATE TABLE retained(something)")
    }
    try TestDatabase(directory).database.stop()
    let connection = try SQLiteConnection(path: path + ".damaged-1", mode: .readOnly)
    #expect(try connection.number("PRAGMA user_version") == 0)
    #expect(try connection.number("SELECT count(*) FROM sqlite_schema WHERE type = 'table'") == 1)
  }

  /// The version is four bytes of the file, which can be damaged as all others.
  @Test(arguments: 0..<Schema.version) func aFileThatClaimsAnEarlierVersionLosesNothing(version: Int64) throws {
    let hub = try TestDatabase(directory)
    try hub.append([(hub.series("kitchen"), FormerFile.start, .number(21))])
    hub.database.stop()
    try SQLiteConnection(path: path, mode: .readWrite).execute("PRAGMA user_version=\(version)")
    let again = try TestDatabase(directory)
    #expect(try again.readings("kitchen") == [Reading(time: FormerFile.start, value: .number(21))])
    again.database.stop()
    #expect(directory.names.contains("hub.db.damaged-1"))
  }

  // MARK: Newer files

  @Test(arguments: [1, 2, 1_000_000] as [Int64]) func aNewerFileIsLeftAsItIs(by versions: Int64) throws {
    let hub = try TestDatabase(directory)
    try hub.append([(hub.series("kitchen"), FormerFile.start, .number(1))])
    hub.database.stop()
    let version = Schema.version + versions
    try SQLiteConnection(path: path, mode: .readWrite).execute("PRAGMA user_version=\(version); CREATE TABLE later(a)")
    try expectRefusal(version: version)
  }

  /// What a newer hub left in its log, killed, belongs to it as well.
  @Test func aNewerFileWithItsLogIsLeftAsItIs() throws {
    let version = Schema.version + 1
    let other = try TemporaryDirectory()
    do {
      let connection = try DatabaseFile(path: other.path + "/hub.db", vfs: nil).connection()
      try connection.execute("PRAGMA user_version=\(version); CREATE TABLE later(a); INSERT INTO later VALUES(1)")
      // As it is while that hub runs: a copy has the log, with what is not in the file yet.
      for name in ["hub.db", "hub.db-wal"] { try copy(other.path + "/" + name, to: directory.path + "/" + name) }
    }
    try #require(!bytes(path + "-wal").isEmpty)
    try expectRefusal(version: version)
    #expect(try SQLiteConnection(path: path, mode: .readOnly).number("SELECT a FROM later") == 1)
  }

  private func expectRefusal(version: Int64) throws {
    let before = [bytes(path), bytes(path + "-wal")]
    let error = #expect(throws: DatabaseError.tooNew(path: path, version: version, supported: Schema.version)) {
      try TestDatabase(directory)
    }
    let words = try #require(error?.description)
    #expect(
      words == "\(path) was written by a newer telemetry-hub (format \(version)); this one reads up to format "
        + "\(Schema.version): install the newer one again, or choose another directory with --data-dir")
    let isAsItWas = [bytes(path), bytes(path + "-wal")] == before
    #expect(isAsItWas)
    // Nor is anything put beside it.
    #expect(Set(directory.names).isSubset(of: ["hub.db", "hub.db-wal", "hub.db-shm", "lock"]), "\(directory.names)")
  }

  // MARK: Looking at files

  private func expectContents(of hub: TestDatabase, _ file: FormerFile) throws {
    #expect(hub.report.damagedRows == 0)
    #expect(hub.report.sessions == 1 && hub.report.retained == 1)
    for (device, metric, readings) in file.readings {
      #expect(try hub.readings(device, metric).map(\.pattern) == readings.map(\.pattern), "\(metric)")
    }
    #expect(hub.store.statistics.series == file.readings.count)
    let connection = try SQLiteConnection(path: path, mode: .readOnly)
    var reader = BrokerRowReader(connection)
    try reader.read()
    #expect(reader.damagedRows == 0)
    #expect(reader.state == file.broker)
  }

  /// Names, columns and indexes of all tables, in words.
  private func tables(_ path: String) throws -> [String] {
    let connection = try SQLiteConnection(path: path, mode: .readOnly)
    let rows = try connection.prepare(
      """
      SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || coalesce(c.dflt_value, '-') || ' '
          || c.pk FROM sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'
        UNION ALL SELECT m.tbl_name || ' has ' || m.name || '(' || i.name || ')'
          FROM sqlite_schema AS m, pragma_index_info(m.name) AS i WHERE m.type = 'index'
        ORDER BY 1
      """)
    var all: [String] = []
    while try rows.step() { all.append(rows.text(0)) }
    return all
  }

  private func tables(ofNewFileIn directory: TemporaryDirectory) throws -> [String] {
    try TestDatabase(directory).database.stop()
    return try tables(directory.path + "/" + HubDatabase.fileName)
  }

  private func text(_ sql: String) throws -> String {
    let row = try SQLiteConnection(path: path, mode: .readOnly).prepare(sql)
    return try row.step() ? row.text(0) : ""
  }

  private func bytes(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "re") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4 << 20)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    return bytes
  }

  private func copy(_ source: String, to path: String) throws {
    let bytes = bytes(source)
    let file = try #require(fopen(path, "we"))
    defer { fclose(file) }
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }
}
