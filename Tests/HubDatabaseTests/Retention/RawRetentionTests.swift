import Testing
import TimeSeriesStorage

@testable import HubDatabase

/// What is older than raw retention leaves the file, chunk by chunk, and its room is used again.
@Suite struct RawRetentionTests {
  private static let start: Int64 = 1_700_000_000_000
  private static let second: Int64 = 1_000

  private static func limits() -> DatabaseLimits {
    var limits = DatabaseLimits()
    limits.journalBytes = 16 << 10
    limits.checkpointSliceBytes = 8 << 10
    return limits
  }

  private static func entries(_ series: SeriesID, _ seconds: Range<Int64>) -> [TestDatabase.Entry] {
    seconds.map { (series, start + $0 * second, .number(Double($0) * 1.1)) }
  }

  /// A file whose readings are in chunks.
  private static func fill(_ directory: TemporaryDirectory, devices: Int, seconds: Int64) throws {
    let hub = try TestDatabase(directory, limits: limits())
    var expected = 0
    for device in 0..<devices {
      let series = try hub.series("device-\(device)")
      expected += Int(seconds)
      try hub.append(entries(series, 0..<seconds))
    }
    // The last of the journal goes when there is more of it.
    let filler = try hub.series("filler")
    for part in 0..<10 { try hub.append(entries(filler, Int64(part) * 500..<Int64(part + 1) * 500)) }
    try hub.settle { $0.journalBytes < 16 << 10 }
    hub.database.stop()
    let again = try TestDatabase(directory, limits: limits())
    #expect(again.report.chunkReadings + again.report.journalReadings >= expected)
    again.database.stop()
  }

  @Test(arguments: [0, 1, 999, 1_000, 1_500, 1_999, 2_000] as [Int64]) func wholeChunksBeforeItGo(cutoff: Int64) throws
  {
    let directory = try TemporaryDirectory()
    try Self.fill(directory, devices: 3, seconds: 2_000)
    let hub = try TestDatabase(directory, limits: Self.limits())
    let ends = try hub.number("SELECT count(*) FROM chunks WHERE last < \(Self.start + cutoff * Self.second)")
    let readings = try hub.number("SELECT total(count) FROM chunks WHERE last < \(Self.start + cutoff * Self.second)")
    let all = try hub.number("SELECT count(*) FROM chunks")
    hub.database.remove(RetentionCutoffs(readings: Self.start + cutoff * Self.second))
    try hub.settle { $0.removedReadings == Int(readings) }
    // Nothing more goes, however long the writer is given.
    for _ in 0..<20 { try hub.tick() }
    #expect(hub.database.statistics.removedReadings == Int(readings))
    #expect(try hub.number("SELECT count(*) FROM chunks") == all - ends)
    #expect(try hub.number("SELECT count(*) FROM chunks WHERE last < \(Self.start + cutoff * Self.second)") == 0)
    #expect(try hub.number("SELECT total(length(data)) FROM chunks") == hub.database.statistics.chunkBytes)
    hub.database.stop()

    let again = try TestDatabase(directory, limits: Self.limits())
    for device in 0..<3 {
      let left = try again.readings("device-\(device)")
      let expected = Self.entries(try again.series("device-\(device)"), 0..<2_000).map {
        Reading(time: $0.time, value: $0.value).pattern
      }
      #expect(left.map(\.pattern) == expected.suffix(left.count), "whatever is left is as it was, to its end")
      #expect(left.count >= 2_000 - Int(cutoff))
      #expect(left.count < 2_000 - Int(cutoff) + 256 + 1, "at most the chunk that the time falls into stays")
    }
    again.database.stop()
  }

  /// More series than one transaction looks at.
  @Test func reachesEverySeries() throws {
    let directory = try TemporaryDirectory()
    let hub = try TestDatabase(directory, limits: Self.limits())
    let count = Int(RetentionPass.seriesAtOnce) * 2 + 3
    var entries: [TestDatabase.Entry] = []
    for number in 0..<count {
      entries.append((try hub.series("device-\(number / 500)", "metric-\(number)"), Self.start, .number(1)))
    }
    try hub.append(entries)
    try hub.settle { $0.journalBytes < 16 << 10 }
    #expect(try hub.number("SELECT count(*) FROM chunks") == Int64(count))
    hub.database.remove(RetentionCutoffs(readings: Self.start))
    for _ in 0..<20 { try hub.tick() }
    #expect(hub.database.statistics.removedReadings == 0, "a reading of just that time stays")
    hub.database.remove(RetentionCutoffs(readings: Self.start + 1))
    try hub.settle { $0.removedReadings == count }
    #expect(try hub.number("SELECT count(*) FROM chunks") == 0)
    #expect(hub.database.statistics.chunkBytes == 0)
    hub.database.stop()
  }

  /// A day's worth goes as a day's worth comes: the file does not grow.
  @Test func roomIsUsedAgain() throws {
    let directory = try TemporaryDirectory()
    let storage = StorageLimits(memoryBytes: 256 << 10, rawRetention: .max)
    let hub = try TestDatabase(directory, limits: Self.limits(), storage: storage)
    let series = try hub.series("device-0")
    var random = SeededGenerator(seed: 3)
    var sizes: [Int64] = []
    for day in 0..<16 {
      for part in 0..<20 {
        let from = Int64(day * 20 + part) * 1_000
        try hub.append(
          (from..<from + 1_000).map {
            (series, Self.start + $0 * Self.second, .number(Double(bitPattern: random.next() >> 2)))
          })
      }
      let cutoff = Self.start + Int64(day - 1) * 20_000 * Self.second
      hub.database.remove(RetentionCutoffs(readings: cutoff, minutes: cutoff, hours: cutoff))
      try hub.settle { $0.journalBytes < 16 << 10 }
      for _ in 0..<20 { try hub.tick() }
      sizes.append(hub.fileBytes.database)
    }
    // After some days it is as large as it gets, give or take what was under way.
    let settled = sizes[5...]
    #expect((settled.max() ?? 0) <= (sizes[..<5].max() ?? 0) + 64 << 10, "\(sizes)")
    #expect(hub.database.statistics.removedReadings > 250_000)
    hub.database.stop()
  }
}
