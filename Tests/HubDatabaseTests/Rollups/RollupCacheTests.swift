import Synchronization
import Testing
import TimeSeriesStorage

@testable import HubDatabase

@Suite struct RollupCacheTests {
  private static let segmentBytes = 17_000

  private static func key(_ series: Int64, _ from: Int64 = 0) -> RollupCache.Key {
    RollupCache.Key(series: series, level: .hour, from: from, to: from + 3_600_000)
  }

  /// One segment with one bucket that says how often something was read.
  private static func rollups(_ number: Int) throws(SQLiteError) -> ArchivedRollups {
    let rollup = Rollup(start: 0, count: 1, numbers: 1, minimum: 0, maximum: 0, sum: Double(number), last: .number(0))
    guard let segment = try? RollupSegment(RollupSegment.encode([rollup])) else { preconditionFailure("its own bytes") }
    return ArchivedRollups(segments: [segment])
  }

  /// Asks the cache; what it does not have is the `number`th reading.
  private static func ask(_ cache: RollupCache, _ key: RollupCache.Key, _ number: Int) throws -> Double? {
    let found = try cache.rollups(key) { () throws(SQLiteError) in try rollups(number) }
    return try found.segments.first?.column(.sum).number(at: 0)
  }

  @Test func whatWasReadIsKept() throws {
    let cache = RollupCache(maximumBytes: 1 << 20)
    #expect(try Self.ask(cache, Self.key(1), 1) == 1)
    #expect(try Self.ask(cache, Self.key(1), 2) == 1)
    #expect(try Self.ask(cache, Self.key(1, 7_200_000), 3) == 3)
    #expect(try Self.ask(cache, Self.key(2), 4) == 4)
  }

  @Test func whatIsForgottenIsReadAgain() throws {
    let cache = RollupCache(maximumBytes: 1 << 20)
    for (number, key) in [Self.key(1), Self.key(1, 7_200_000), Self.key(2)].enumerated() {
      _ = try Self.ask(cache, key, number)
    }
    cache.forget([1, 3])
    #expect(try Self.ask(cache, Self.key(1), 10) == 10)
    #expect(try Self.ask(cache, Self.key(1, 7_200_000), 11) == 11)
    #expect(try Self.ask(cache, Self.key(2), 12) == 2)
    cache.removeAll()
    #expect(try Self.ask(cache, Self.key(2), 13) == 13)
  }

  /// The reading may have seen what was before the change.
  @Test func whatChangesWhileItIsReadIsNotKept() throws {
    let cache = RollupCache(maximumBytes: 1 << 20)
    let found = try cache.rollups(Self.key(1)) { () throws(SQLiteError) in
      cache.forget([1])
      return try Self.rollups(1)
    }
    #expect(found.segments.count == 1)
    #expect(try Self.ask(cache, Self.key(1), 2) == 2)
  }

  @Test func whatWasNotAskedForLongestGoesFirst() throws {
    let cache = RollupCache(maximumBytes: 6 * Self.segmentBytes)
    for series in Int64(0)..<5 { _ = try Self.ask(cache, Self.key(series), 0) }
    #expect(try Self.ask(cache, Self.key(0), 1) == 0)
    for series in Int64(5)..<8 { _ = try Self.ask(cache, Self.key(series), 0) }
    #expect(try Self.ask(cache, Self.key(0), 2) == 0)
    #expect(try Self.ask(cache, Self.key(1), 3) == 3)
  }

  @Test(arguments: [0, segmentBytes]) func whatIsTooLargeIsNotKept(maximumBytes: Int) throws {
    let cache = RollupCache(maximumBytes: maximumBytes)
    #expect(try Self.ask(cache, Self.key(1), 1) == 1)
    #expect(try Self.ask(cache, Self.key(1), 2) == 2)
  }
}
