import Testing
import TimeSeriesStorage
import TimeSeriesTestSupport

@Suite struct ReadingTimeTests {
  @Test func takesEveryTime() throws {
    let store = TimeSeriesStore.keepingAll()
    let series = try store.makeSeries("d", "m")
    let times: [Int64] = [0, .max, .min, .max - 1, .min + 1, -1, 1, .max, .min]
    for receivedAt in [Int64.min, 0, .max] {
      for time in times {
        var batch = ReadingBatch()
        batch.add(series, time, .number(1))
        batch.add(series, time, .number(2), assignsUniqueTime: true)
        _ = store.append(&batch, receivedAt: receivedAt)
      }
    }
    #expect(store.latest(series)?.reading.time == .max)
    let all = store.all(series).map(\.time)
    #expect(all == all.sorted())
    #expect(Set(all).count == all.count)
    #expect(all.first == .min)
    #expect(store.statistics.readingsStored == all.count + 1)
  }

  @Test func refusesByRetentionAtTheEdgesOfTime() throws {
    let store = TimeSeriesStore(limits: StorageLimits(rawRetention: 10))
    let series = try store.makeSeries("d", "m")
    #expect(store.put(series, .min, .number(0), receivedAt: .min).stored == 1)
    #expect(store.put(series, .min, .number(0), receivedAt: .max).refusedAsTooOld == 1)
    #expect(store.put(series, .max, .number(0), receivedAt: .min).stored == 1)
  }

  /// Readings without a time of their own get the first free millisecond, against a set that is searched one by one.
  @Test(arguments: 0..<10)
  func assignsTheFirstFreeTime(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let store = TimeSeriesStore.keepingAll()
    let series = try store.makeSeries("d", "m")
    var taken: Set<Int64> = []
    var clock: Int64 = 0
    for _ in 0..<3_000 {
      clock += Int64.random(in: 0...2, using: &random) / 2
      var batch = ReadingBatch()
      let assigns = Int.random(in: 0..<4, using: &random) > 0
      let time = assigns ? clock : clock + Int64.random(in: -20...60, using: &random)
      batch.add(series, time, .number(0), assignsUniqueTime: assigns)
      let outcome = store.append(&batch, receivedAt: clock)
      let final = batch.readings[0].time
      if assigns {
        var free = clock
        while taken.contains(free) { free += 1 }
        #expect(final == free)
        #expect(outcome.stored == 1)
      } else {
        #expect(final == time)
      }
      taken.insert(final)
    }
    let expected = taken.sorted().map { Reading(time: $0, value: .number(0)) }
    #expect(difference(store.all(series), expected) == nil)
  }

  @Test func aFloodWithoutTimesKeepsEveryReading() throws {
    let store = TimeSeriesStore.keepingAll()
    let series = try store.makeSeries("d", "m")
    // One reading far ahead of the clock: the flood fills the time before it.
    store.put(series, 50_000, .number(0))
    var batch = ReadingBatch()
    for _ in 0..<60_000 { batch.add(series, 5, .number(0), assignsUniqueTime: true) }
    #expect(store.append(&batch, receivedAt: 5).stored == 60_000)
    let expected = (Int64(5)...60_005).map { Reading(time: $0, value: .number(0)) }
    #expect(difference(store.all(series), expected) == nil)
  }

  @Test func theNewestReadingKeepsItsTimeOfReceipt() throws {
    let store = TimeSeriesStore.keepingAll()
    let series = try store.makeSeries("d", "m")
    #expect(store.latest(series) == nil)
    store.put(series, 100, .number(1), receivedAt: 1_000)
    store.put(series, 50, .number(2), receivedAt: 2_000)
    #expect(store.latest(series) == LatestReading(reading: Reading(time: 100, value: .number(1)), received: 1_000))
    store.put(series, 100, .boolean(true), receivedAt: 3_000)
    #expect(store.latest(series) == LatestReading(reading: Reading(time: 100, value: .boolean(true)), received: 3_000))
    store.put(series, 50, .text("x"), receivedAt: 4_000)
    #expect(store.latest(series)?.received == 3_000)
  }

  @Test func countsWhatItDid() throws {
    let store = TimeSeriesStore.keepingAll()
    let series = try store.makeSeries("d", "m")
    var batch = ReadingBatch()
    for time: Int64 in [1, 2, 3, 2, 0, 3] { batch.add(series, time, .number(0)) }
    batch.readings.append(
      PendingReading(series: SeriesID(rawValue: .max), time: 0, kind: .number, bits: 0, assignsUniqueTime: false))
    batch.readings.append(
      PendingReading(series: series, time: 9, kind: .text, bits: .max, assignsUniqueTime: false))
    batch.add(series, 10, .text(String(repeating: "x", count: 257)))
    batch.add(series, 11, .text(String(repeating: "x", count: 256)))
    var expected = AppendOutcome()
    expected.stored = 5
    expected.replaced = 2
    expected.late = 1
    expected.refusedAsInvalid = 3
    #expect(store.append(&batch, receivedAt: 0) == expected)
    #expect(store.statistics.readingsAppendedTotal == 7)
    #expect(store.statistics.invalidTotal == 3)
    #expect(store.statistics.lateTotal == 1)
  }
}
