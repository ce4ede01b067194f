import Testing
import TimeSeriesStorage

@testable import HubDatabase

/// Devices that send what no device should: memory and file stay bounded, and what others sent stays as it was, bit for bit,
/// over a restart.
@Suite struct AdversarialDeviceTests {
  private static let start: Int64 = 1_700_000_000_000
  private static let hour: Int64 = 3_600_000
  private static let pages: Int64 = 1_024

  /// Little of everything, so that what has no bound shows.
  private static let limits = {
    var limits = DatabaseLimits()
    limits.journalBytes = 256 << 10
    limits.writeAheadLogFrames = 256
    limits.writeAheadLogReserve = 4 << 20
    limits.diskBytes = limits.writeAheadLogReserve + pages * CommitWriter.pageBytes
    return limits
  }()
  private static let storage = StorageLimits(memoryBytes: 1 << 20, maximumSeriesPerDevice: 100, rawRetention: .max)

  /// A hub on which others have sent readings of every kind, most of which lie in the file only.
  private final class World {
    let directory: TemporaryDirectory
    private(set) var hub: TestDatabase
    private var others: [String: [String]] = [:]
    private var random = SeededGenerator(seed: 5)

    init() throws {
      directory = try TemporaryDirectory()
      hub = try TestDatabase(directory, limits: limits, storage: storage)
      for number in 0..<4 { try send(as: "other-\(number)", 0..<2_000) }
    }

    func send(as device: String, _ numbers: Range<Int>) throws {
      let series = try hub.series(device)
      let entries = numbers.map { (series, start + Int64($0) * 1_000, value($0)) }
      try hub.append(entries)
      others[device, default: []] += entries.map { Reading(time: $0.1, value: $0.2).pattern }
    }

    private func value(_ number: Int) -> Value {
      switch number % 50 {
      case 0: .text("text \(number % 7)")
      case 1: .boolean(number % 4 == 1)
      case 2: .number([.nan, -0.0, .infinity, .leastNonzeroMagnitude].randomElement(using: &random) ?? 0)
      default: .number(Double(bitPattern: random.next() >> 2))
      }
    }

    /// Sends a part of what one device sends, and looks at the bounds.
    func attack(_ entries: some Sequence<TestDatabase.Entry>, receivedAt: Int64 = start) throws {
      try hub.append(entries, receivedAt: receivedAt)
      let statistics = hub.store.statistics
      // Memory holds what no chunk has yet beside its own bound: as much as a journal and the batches under way.
      try #require(statistics.ringBytes <= storage.memoryBytes + 2 << 20, "\(statistics)")
      let (file, log) = hub.fileBytes
      try #require(file <= pages * CommitWriter.pageBytes && file + log <= limits.diskBytes, "\(file), \(log)")
      try #require(hub.database.trouble == nil)
    }

    /// Others' readings are there, those that they go on to send as well, now and after a restart.
    func finish() throws {
      for number in 0..<4 { try send(as: "other-\(number)", 2_000..<2_100) }
      try check()
      hub.database.stop()
      hub = try TestDatabase(directory, limits: limits, storage: storage)
      #expect(hub.report.damagedRows == 0)
      try check()
      hub.database.stop()
    }

    private func check() throws {
      for (device, patterns) in others { #expect(try hub.readings(device).map(\.pattern) == patterns, "\(device)") }
    }
  }

  @Test func metricsWithoutEnd() throws {
    let world = try World()
    let store = world.hub.store
    let device = try store.device(named: "culprit")
    let indexBytes = store.statistics.indexBytes
    var series: [SeriesID] = []
    var refused = 0
    for number in 0..<200_000 {
      do throws(StorageError) {
        series.append(try store.series(of: device, metric: "metric-\(number)"))
      } catch {
        guard case .tooManySeriesOfDevice(limit: 100) = error else { throw error }
        refused += 1
      }
    }
    #expect(refused == 199_900)
    #expect(store.statistics.indexBytes < indexBytes + 200_000)
    for number in 0..<100 {
      try world.attack(series.map { ($0, Self.start + Int64(number), .number(Double(number))) })
    }
    // Names that were refused cost the others none of theirs.
    _ = try world.hub.series("other-0", "another")
    try world.finish()
  }

  @Test func timesFrom1970To2100() throws {
    let world = try World()
    let series = try world.hub.series("culprit")
    let step = 5 * Self.hour
    let count = 130 * 8_766 / 5
    var sent = 0
    while sent < count {
      let part = sent..<min(sent + 5_000, count)
      try world.attack(part.map { (series, Int64($0) * step, .number(Double($0 % 100) / 10)) })
      sent = part.upperBound
    }
    let held = try world.hub.readings("culprit")
    #expect(held.last?.time == Int64(count - 1) * step)
    for (former, next) in zip(held, held.dropFirst()) { try #require(next.time - former.time == step) }
    try world.finish()
  }

  /// As before, and what is too old is refused.
  @Test func timesThatAreTooOldAreRefused() throws {
    let directory = try TemporaryDirectory()
    let retention = 35 * 24 * Self.hour
    let hub = try TestDatabase(directory, limits: Self.limits, storage: StorageLimits(rawRetention: retention))
    let series = try hub.series("culprit")
    let outcome = try hub.append(
      stride(from: 0, to: Self.start, by: Int(10 * Self.hour)).map { (series, $0, .number(0)) }, receivedAt: Self.start)
    #expect(outcome.refusedAsTooOld > 40_000)
    let kept = try hub.readings("culprit").map(\.pattern)
    #expect(kept.count == 84)
    #expect(outcome.stored == 84)
    hub.database.stop()
    // The journal has them all: what was refused is refused again.
    let again = try TestDatabase(directory, limits: Self.limits, storage: StorageLimits(rawRetention: retention))
    #expect(try again.readings("culprit").map(\.pattern) == kept)
    again.database.stop()
  }

  @Test func oneTimeForEver() throws {
    let world = try World()
    let series = try world.hub.series("culprit")
    var settled: Int64 = 0
    for part in 0..<200 {
      try world.attack((0..<5_000).map { (series, Self.start, .number(Double(part * 5_000 + $0))) })
      if part == 20 { settled = world.hub.fileBytes.database }
    }
    #expect(world.hub.fileBytes.database <= settled + 64 << 10, "the file does not grow")
    let all = try world.hub.readings("culprit")
    #expect(all == [Reading(time: Self.start, value: .number(999_999))])
    #expect(world.hub.store.latest(series)?.reading == all[0])
    try world.finish()
    #expect(try world.hub.readings("culprit") == all)
  }

  enum Order: CaseIterable { case reversed, shuffled, fromBothEnds, inStripes }

  /// Over times that lie in the file already, and that memory has given up.
  @Test(arguments: Order.allCases) func overItsOwnHistory(order: Order) throws {
    let world = try World()
    let series = try world.hub.series("culprit")
    let count = 40_000
    func time(_ number: Int) -> Int64 { Self.start + Int64(number) * 1_000 }
    for part in stride(from: 0, to: count, by: 5_000) {
      try world.attack((part..<part + 5_000).map { (series, time($0 & ~1), .number(Double($0))) })
    }
    // Enough of another's to push the history out of memory.
    let filler = try world.hub.series("filler")
    var random = SeededGenerator(seed: 6)
    for part in stride(from: 0, to: 100_000, by: 5_000) {
      try world.attack(
        (part..<part + 5_000).map { (filler, time($0), .number(Double(bitPattern: random.next() >> 2))) })
    }
    let numbers: [Int] =
      switch order {
      case .reversed: (0..<count).reversed()
      case .shuffled: (0..<count).shuffled(using: &random)
      case .fromBothEnds: (0..<count).map { $0 % 2 == 0 ? $0 / 2 : count - 1 - $0 / 2 }
      case .inStripes: (0..<count).map { $0 % 200 * 200 + $0 / 200 }
      }
    for part in stride(from: 0, to: count, by: 2_000) {
      try world.attack(numbers[part..<part + 2_000].map { (series, time($0), .number(Double(-$0))) })
    }
    let expected = (0..<count).map { Reading(time: time($0), value: .number(Double(-$0))).pattern }
    #expect(try world.hub.readings("culprit").map(\.pattern) == expected)
    try world.finish()
    #expect(try world.hub.readings("culprit").map(\.pattern) == expected)
  }
}
