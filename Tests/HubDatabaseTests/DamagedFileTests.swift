import Durability
import Glibc
import Logging
import Testing
import TimeSeriesStorage

@testable import HubDatabase

/// Whatever became of its file, the hub starts: with what could be read of it, and the file itself kept aside.
@Suite struct DamagedFileTests {
  private static let now: Int64 = 1_700_000_000_000
  private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  /// Where the header of the file has its `user_version` (sqlite.org/fileformat.html).
  private static let version = 60..<64
  private let directory: TemporaryDirectory
  private var path: String { directory.path + "/hub.db" }

  init() throws { directory = try TemporaryDirectory() }

  private func open() throws -> HubDatabase.Opened {
    try HubDatabase.open(directory: directory.path, logger: Self.silent)
  }

  /// A file with 40 series of 100 readings each, closed.
  private func fill() throws {
    let opened = try open()
    for number in 0..<100 {
      var batch = ReadingBatch()
      for device in 0..<40 {
        let series = try opened.store.series(of: opened.store.device(named: "device-\(device)"), metric: "value")
        batch.readings.append(
          PendingReading(
            series: series, time: Self.now + Int64(number), kind: .number, bits: Double(number).bitPattern,
            assignsUniqueTime: false))
      }
      _ = opened.store.append(&batch, receivedAt: Self.now)
      _ = opened.database.append(batch, receivedAt: Self.now, urgency: .deferrable)
    }
    opened.database.stop()
  }

  private func change(_ path: String, at offset: Int, to bytes: [UInt8]) {
    let file = Glibc.open(path, O_WRONLY | O_CLOEXEC)
    defer { close(file) }
    #expect(pwrite(file, bytes, bytes.count, off_t(offset)) == bytes.count)
  }

  private func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// As 32 bits, the most significant byte first: negative, and beyond all.
  @Test(arguments: [[0xFF, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 2], [0x7F, 0, 0, 2]] as [[UInt8]])
  func aVersionThatNoHubHasIsDamage(bytes: [UInt8]) throws {
    try fill()
    change(path, at: Self.version.lowerBound, to: bytes)
    let opened = try open()
    #expect(opened.store.statistics.readingsStored == 4_000)
    #expect(directory.names.contains("hub.db.damaged-1"))
    opened.database.stop()
  }

  @Test func aFileThatIsNoDatabaseIsKeptAside() throws {
    try fill()
    change(path, at: 0, to: Array("this is no database".utf8))
    let opened = try open()
    #expect(opened.report.series == 0)
    #expect(directory.names.contains("hub.db.damaged-1"))
    opened.database.stop()
    // The new one is whole.
    #expect(try open().report == RecoveryReport())
  }

  @Test(arguments: 1..<24) func aDamagedPageTakesOnlyWhatIsOnIt(page: Int) throws {
    try fill()
    guard size(of: path) > page * 4_096 else { return }
    change(path, at: page * 4_096, to: Array(repeating: 0xA5, count: 4_096))
    let opened = try open()
    // Some rows lie on the page; those of other pages are there.
    #expect(opened.report.series + opened.report.journalReadings + opened.store.statistics.readingsStored > 0)
    opened.database.stop()
    let again = try open()
    #expect(again.report == opened.report || again.report.damagedRows == 0)
    again.database.stop()
  }

  @Test(arguments: 0..<40) func noDamageKeepsItFromStarting(seed: UInt64) throws {
    try fill()
    var random = SeededGenerator(seed: seed)
    for _ in 0..<Int.random(in: 1...20, using: &random) {
      let bytes = (0..<Int.random(in: 1...64, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      let offset = Int.random(in: 0..<size(of: path), using: &random)
      // A later version than its own cannot be told from a newer hub's file, which is refused.
      guard !(offset..<offset + bytes.count).overlaps(Self.version) else { continue }
      change(path, at: offset, to: bytes)
    }
    if Bool.random(using: &random) { truncate(path, off_t(Int.random(in: 0...size(of: path), using: &random))) }
    let opened = try open()
    // No reading is another than what was written.
    for device in opened.store.devices() {
      for series in opened.store.metrics(of: device.id) {
        for reading in try opened.store.snapshot(of: series.id, from: .min, to: .max) {
          #expect(reading.value == .number(Double(reading.time - Self.now)), "seed \(seed)")
        }
      }
    }
    opened.database.stop()
  }

  @Test func damageFoundWhileRunningIsLookedAtOnTheNextStart() throws {
    try fill()
    DamagedFile.mark(path)
    let opened = try open()
    #expect(opened.store.statistics.readingsStored == 4_000)
    #expect(directory.names.contains("hub.db.damaged-1"))
    opened.database.stop()
    let again = try open()
    #expect(again.store.statistics.readingsStored == 4_000)
    #expect(!directory.names.contains("hub.db.damaged-2"))
    again.database.stop()
  }
}
