import Glibc
import Logging
import Testing
import TimeSeriesStorage

@testable import HubDatabase

@Suite struct BackupTests {
  private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  @Test func isADatabaseOfItsOwn() throws {
    let directory = try TemporaryDirectory()
    let opened = try HubDatabase.open(directory: directory.path, logger: Self.silent)
    defer { opened.database.stop() }
    // What a hub left that was killed while it made one.
    #expect(creat(directory.path + "/hub.db.backup", 0o600) >= 0)
    let copy = try opened.database.makeBackup()
    #expect(access(directory.path + "/hub.db.backup", F_OK) != 0)

    var bytes: [UInt8] = []
    while Int64(bytes.count) < copy.byteCount {
      let before = bytes.count
      try copy.read(1_000, at: Int64(before), into: &bytes)
      try #require(bytes.count > before)
    }
    try copy.read(1_000, at: copy.byteCount, into: &bytes)
    #expect(Int64(bytes.count) == copy.byteCount && bytes.starts(with: Array("SQLite format 3\0".utf8)))

    let other = try TemporaryDirectory()
    let file = open(other.path + "/hub.db", O_WRONLY | O_CREAT, 0o600)
    #expect(write(file, bytes, bytes.count) == bytes.count)
    close(file)
    let restored = try HubDatabase.open(directory: other.path, logger: Self.silent)
    restored.database.stop()
  }

  @Test func whereItCannotBeMadeNothingStays() throws {
    let directory = try TemporaryDirectory()
    let opened = try HubDatabase.open(directory: directory.path, logger: Self.silent)
    defer { opened.database.stop() }
    #expect(mkdir(directory.path + "/hub.db.backup", 0o700) == 0)
    #expect(throws: DatabaseError.self) { try opened.database.makeBackup() }
    #expect(rmdir(directory.path + "/hub.db.backup") == 0)
    _ = try opened.database.makeBackup()
  }

  @Test func whatWasCutShortIsRemovedAtTheStart() throws {
    let directory = try TemporaryDirectory()
    #expect(creat(directory.path + "/hub.db.backup", 0o600) >= 0)
    try HubDatabase.open(directory: directory.path, logger: Self.silent).database.stop()
    #expect(access(directory.path + "/hub.db.backup", F_OK) != 0)
  }
}
