import Testing
import TimeSeriesStorage

@testable import HubDatabase

/// The file stays within its budget whatever devices send, and it is the one that sends most who loses its oldest.
@Suite struct DiskBudgetTests {
  private static let start: Int64 = 1_700_000_000_000

  /// So many pages for the file, and the rest for its log.
  private static func limits(pages: Int64, journalBytes: Int64 = 64 << 10) -> DatabaseLimits {
    var limits = DatabaseLimits()
    limits.journalBytes = journalBytes
    limits.writeAheadLogFrames = 256
    limits.writeAheadLogReserve = 4 << 20
    limits.diskBytes = limits.writeAheadLogReserve + pages * CommitWriter.pageBytes
    return limits
  }

  private static let storage = StorageLimits(memoryBytes: 512 << 10, rawRetention: .max)

  /// Readings that no code makes shorter.
  private static func noise(
    _ series: SeriesID, _ numbers: Range<Int>, _ random: inout SeededGenerator
  ) -> [TestDatabase.Entry] {
    numbers.map { (series, start + Int64($0) * 1_000, .number(Double(bitPattern: random.next() >> 2))) }
  }

  @Test func theBiggestDeviceLosesItsOldestAndNobodyElseAnything() throws {
    let directory = try TemporaryDirectory()
    let limits = Self.limits(pages: 512)
    let hub = try TestDatabase(directory, limits: limits, storage: Self.storage)
    var random = SeededGenerator(seed: 1)
    var kept: [String: [String]] = [:]
    for device in (0..<5).map({ "quiet-\($0)" }) {
      let entries = Self.noise(try hub.series(device), 0..<3_000, &random)
      try hub.append(entries)
      kept[device] = entries.map { Reading(time: $0.time, value: $0.value).pattern }
    }
    let noisy = try hub.series("noisy")
    var newest: [String] = []
    var largest: Int64 = 0
    // Three times what the file may have.
    for part in 0..<600 {
      let entries = Self.noise(noisy, part * 1_000..<(part + 1) * 1_000, &random)
      try hub.append(entries)
      newest = entries.map { Reading(time: $0.time, value: $0.value).pattern }
      let (file, log) = hub.fileBytes
      largest = max(largest, file)
      try #require(file <= 512 * CommitWriter.pageBytes, "\(hub.database.statistics)")
      try #require(file + log <= limits.diskBytes, "\(hub.database.statistics)")
      try #require(hub.database.trouble == nil)
    }
    #expect(largest > 400 * CommitWriter.pageBytes, "the budget was used")
    #expect(hub.database.statistics.failedCommits == 0)
    #expect(hub.database.statistics.removedReadings > 300_000)
    try hub.settle { $0.journalBytes < limits.journalBytes }
    for (device, patterns) in kept { #expect(try hub.readings(device).map(\.pattern) == patterns, "\(device)") }
    #expect(try hub.readings("noisy").suffix(1_000).map(\.pattern) == newest)
    try check(hub)
    hub.database.stop()

    let again = try TestDatabase(directory, limits: limits, storage: Self.storage)
    for (device, patterns) in kept { #expect(try again.readings(device).map(\.pattern) == patterns, "\(device)") }
    let left = try again.readings("noisy")
    #expect(left.suffix(1_000).map(\.pattern) == newest)
    // What is left has no holes: the oldest went, in order.
    for (former, next) in zip(left, left.dropFirst()) { try #require(next.time - former.time == 1_000) }
    #expect(left.count > 30_000)
    try again.tick()
    try check(again)
    again.database.stop()
  }

  /// What the writer believes of the file is what the file says.
  private func check(_ hub: TestDatabase) throws {
    let statistics = hub.database.statistics
    #expect(try hub.number("SELECT total(length(data)) FROM chunks") == statistics.chunkBytes)
    #expect(
      try hub.number(
        """
        SELECT count(*) FROM series WHERE bytes != (SELECT total(length(data)) FROM chunks WHERE series = series.id)
        """) == 0)
    #expect(
      try hub.number(
        "SELECT count(*) FROM chunks AS a, chunks AS b USING(series) WHERE a.first < b.first AND a.last >= b.first")
        == 0)
  }

  /// A journal as long as the file may be, as a configuration can ask for.
  @Test func aLongJournalIsMovedBeforeTheFileIsFull() throws {
    let directory = try TemporaryDirectory()
    let limits = Self.limits(pages: 512, journalBytes: 16 << 20)
    let storage = StorageLimits(memoryBytes: 64 << 20, rawRetention: .max)
    let hub = try TestDatabase(directory, limits: limits, storage: storage)
    var random = SeededGenerator(seed: 2)
    let quiet = Self.noise(try hub.series("quiet"), 0..<2_000, &random)
    try hub.append(quiet)
    let noisy = try hub.series("noisy")
    for part in 0..<600 {
      try hub.append(Self.noise(noisy, part * 1_000..<(part + 1) * 1_000, &random))
      try #require(hub.database.trouble == nil)
      try #require(hub.fileBytes.database <= 512 * CommitWriter.pageBytes)
    }
    #expect(hub.database.statistics.failedCommits == 0)
    #expect(try hub.readings("quiet").map(\.pattern) == quiet.map { Reading(time: $0.time, value: $0.value).pattern })
    hub.database.stop()
    let again = try TestDatabase(directory, limits: limits, storage: storage)
    #expect(try again.readings("quiet").map(\.pattern) == quiet.map { Reading(time: $0.time, value: $0.value).pattern })
    again.database.stop()
  }

  /// A device with many series, of which each has little.
  @Test func manySmallSeriesGiveWayToo() throws {
    let directory = try TemporaryDirectory()
    let limits = Self.limits(pages: 256)
    let hub = try TestDatabase(directory, limits: limits, storage: Self.storage)
    var random = SeededGenerator(seed: 3)
    let quiet = Self.noise(try hub.series("quiet"), 0..<2_000, &random)
    try hub.append(quiet)
    let many = try (0..<200).map { try hub.series("many", "metric-\($0)") }
    for time in 0..<600 {
      try hub.append(
        many.map { ($0, Self.start + Int64(time) * 60_000, .number(Double(bitPattern: random.next() >> 2))) })
      try #require(hub.fileBytes.database <= 256 * CommitWriter.pageBytes)
    }
    #expect(hub.database.statistics.failedCommits == 0)
    #expect(try hub.readings("quiet").map(\.pattern) == quiet.map { Reading(time: $0.time, value: $0.value).pattern })
    for metric in 0..<200 {
      let last = try hub.readings("many", "metric-\(metric)").last
      try #require(last?.time == Self.start + 599 * 60_000)
    }
    try check(hub)
    hub.database.stop()
  }

  /// What a file says of its own bytes may be wrong; the hub must not look for room that is not there for ever.
  @Test func bytesThatAreNotThereAreForgotten() throws {
    let directory = try TemporaryDirectory()
    let limits = Self.limits(pages: 512)
    do {
      let hub = try TestDatabase(directory, limits: limits, storage: Self.storage)
      try hub.append([(hub.series("liar"), Self.start, .number(1))])
      hub.database.stop()
      let connection = try SQLiteConnection(path: directory.path + "/hub.db", mode: .readWrite)
      try connection.execute("UPDATE series SET bytes = 1000000000000, rollup_bytes = 1000000000000")
    }
    let hub = try TestDatabase(directory, limits: limits, storage: Self.storage)
    var random = SeededGenerator(seed: 4)
    let noisy = try hub.series("noisy")
    for part in 0..<400 { try hub.append(Self.noise(noisy, part * 1_000..<(part + 1) * 1_000, &random)) }
    #expect(hub.database.statistics.failedCommits == 0)
    #expect(try hub.readings("liar") == [Reading(time: Self.start, value: .number(1))])
    hub.database.stop()
  }

  /// Who lowers `disk` gets readings removed until they fit; the file keeps its pages, and does not grow.
  @Test func aSmallerBudgetHoldsForAnOlderFile() throws {
    let directory = try TemporaryDirectory()
    var random = SeededGenerator(seed: 5)
    do {
      let hub = try TestDatabase(directory, limits: Self.limits(pages: 512), storage: Self.storage)
      let series = try hub.series("noisy")
      for part in 0..<150 { try hub.append(Self.noise(series, part * 1_000..<(part + 1) * 1_000, &random)) }
      hub.database.stop()
    }
    let hub = try TestDatabase(directory, limits: Self.limits(pages: 192), storage: Self.storage)
    let before = hub.fileBytes.database
    let series = try hub.series("noisy")
    for part in 150..<300 { try hub.append(Self.noise(series, part * 1_000..<(part + 1) * 1_000, &random)) }
    #expect(hub.database.statistics.failedCommits == 0)
    #expect(hub.fileBytes.database <= before)
    #expect(hub.database.statistics.usedBytes <= 192 * CommitWriter.pageBytes)
    #expect(try hub.readings("noisy").last?.time == Self.start + 299_999 * 1_000)
    hub.database.stop()
  }
}
