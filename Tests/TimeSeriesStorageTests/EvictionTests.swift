import Testing
import TimeSeriesStorage
import TimeSeriesTestSupport

@Suite struct EvictionTests {
  static func store(memoryBytes: Int) -> TimeSeriesStore {
    TimeSeriesStore(limits: StorageLimits(memoryBytes: memoryBytes, rawRetention: .max))
  }

  /// Random devices of very different appetite: the total holds after every append, and the counters agree.
  @Test(arguments: 0..<8)
  func holdsItsTotal(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let limit = Int.random(in: 20_000...400_000, using: &random)
    let store = Self.store(memoryBytes: limit)
    let series = try (0..<40).map { try store.makeSeries("device-\($0 % 13)", "metric-\($0)") }
    var batch = ReadingBatch()
    var model: [SeriesID: [Int64: Value]] = [:]
    var clock: Int64 = 0
    for _ in 0..<600 {
      batch.removeAll()
      for _ in 0..<Int.random(in: 1...200, using: &random) {
        // Squared, so that a few series take most.
        let pick = Int.random(in: 0..<series.count, using: &random) * Int.random(in: 0..<series.count, using: &random)
        let time =
          clock - (Int.random(in: 0..<10, using: &random) == 0 ? Int64.random(in: 0...5_000, using: &random) : 0)
        let value: Value =
          Int.random(in: 0..<50, using: &random) == 0
          ? .text(String(repeating: "t", count: Int.random(in: 0...256, using: &random))) : .number(Double(clock))
        batch.add(series[pick / series.count], time, value)
        model[series[pick / series.count], default: [:]][time] = value
        clock += 1
      }
      _ = store.append(&batch, receivedAt: clock)
      #expect(store.statistics.ringBytes <= limit)
    }
    let statistics = store.statistics
    #expect(
      statistics.readingsAppendedTotal == statistics.readingsStored + statistics.evictedTotal + statistics.replacedTotal
    )
    var held = 0
    for (id, readings) in model {
      let stored = store.all(id)
      held += stored.count
      for (earlier, later) in zip(stored, stored.dropFirst()) { #expect(earlier.time < later.time) }
      for reading in stored { #expect(readings[reading.time] == reading.value) }
      // The newest stays, whatever goes.
      #expect(store.latest(id)?.reading.time == readings.keys.max())
    }
    #expect(held == statistics.readingsStored)
    #expect(statistics.evictedTotal > 0)
  }

  @Test func aNoisyDeviceErasesOnlyItsOwn() throws {
    let store = Self.store(memoryBytes: 1 << 20)
    let quiet = try (0..<20).map { try store.makeSeries("quiet-\($0)", "m") }
    for series in quiet { for time in 0..<300 { store.put(series, Int64(time), .number(1)) } }
    let noisy = try (0..<3).map { try store.makeSeries("noisy", "m\($0)") }
    var batch = ReadingBatch()
    var random = SeededGenerator(seed: 1)
    for time in 0..<1_000 {
      batch.removeAll()
      for step in 0..<300 {
        batch.add(noisy[step % 3], Int64(time * 300 + step), .number(.random(in: 0...1, using: &random)))
      }
      _ = store.append(&batch, receivedAt: 0)
    }
    for series in quiet { #expect(store.all(series).count == 300) }
    #expect(store.statistics.evictedTotal > 100_000)
    #expect(store.statistics.ringBytes <= 1 << 20)
    for series in noisy { #expect((store.latest(series)?.reading.time ?? 0) > 299_990) }
  }

  @Test func evictsTheOldestOfADeviceFirst() throws {
    let store = Self.store(memoryBytes: 60_000)
    let slow = try store.makeSeries("d", "slow")
    let fast = try store.makeSeries("d", "fast")
    // Interleaved by time: both series lose what is older than about the same moment.
    var random = SeededGenerator(seed: 1)
    for time in 0..<20_000 {
      store.put(time % 3 == 0 ? slow : fast, Int64(time), .number(.random(in: 0...1, using: &random)))
    }
    let first = (store.all(slow).first?.time ?? 0, store.all(fast).first?.time ?? 0)
    #expect(first.0 > 10_000 && first.1 > 10_000)
    // A block of either spans at most 256 * 3 of time.
    #expect((first.0 - first.1).magnitude <= 256 * 3)
  }

  /// Nothing but open blocks: they give up their older readings, evenly, and keep the newest.
  @Test func shrinksOpenBlocksWhenNothingElseIsLeft() throws {
    let limit = 100_000
    let store = Self.store(memoryBytes: limit)
    let series = try (0..<200).map { try store.makeSeries("d", "m\($0)") }
    for time in 0..<200 { for id in series { store.put(id, Int64(time), .number(Double(time))) } }
    #expect(store.statistics.ringBytes <= limit)
    for id in series { #expect(store.latest(id)?.reading == Reading(time: 199, value: .number(199))) }
  }

  /// Less memory than the least block of every series: series go empty, the bound still holds, nothing traps.
  @Test func givesUpWholeSeriesUnderAnAbsurdLimit() throws {
    for limit in [0, 1, 500, 5_000] {
      let store = Self.store(memoryBytes: limit)
      let series = try (0..<100).map { try store.makeSeries("d\($0 % 7)", "m\($0)") }
      for time in 0..<20 {
        for id in series {
          store.put(id, Int64(time), time % 5 == 0 ? .text("long enough for a heap buffer") : .boolean(true))
        }
        #expect(store.statistics.ringBytes <= limit)
      }
      #expect(store.statistics.readingsStored == series.reduce(0) { $0 + store.all($1).count })
      // An emptied series takes readings again, of any time.
      _ = store.put(series[0], -5, .number(1))
    }
  }

  @Test func aSnapshotOutlivesEviction() throws {
    let store = Self.store(memoryBytes: 20_000)
    let series = try store.makeSeries("d", "m")
    for time in 0..<2_000 { store.put(series, Int64(time), .text("text number \(time), longer than fifteen bytes")) }
    let snapshot = try store.snapshot(of: series, from: 0, to: .max)
    let before = Array(snapshot)
    var random = SeededGenerator(seed: 1)
    for time in 2_000..<6_000 { store.put(series, Int64(time), .number(.random(in: 0...1, using: &random))) }
    #expect((store.all(series).first?.time ?? 0) > (before.last?.time ?? .max))
    #expect(difference(snapshot, before) == nil)
  }

  @Test func forgetsWhatIsPastRetention() throws {
    let store = TimeSeriesStore(limits: StorageLimits(rawRetention: 1_000))
    let series = try store.makeSeries("d", "m")
    #expect(store.put(series, 8_999, .number(0), receivedAt: 10_000).refusedAsTooOld == 1)
    #expect(store.put(series, 9_000, .number(0), receivedAt: 10_000).stored == 1)
    for time in 9_001..<12_000 { store.put(series, Int64(time), .number(0), receivedAt: Int64(time)) }
    // Whole blocks go, so up to one more than the retention stays.
    #expect(store.all(series).count < 1_000 + 2 * 256)
    #expect(store.statistics.tooOldTotal == 1)
    #expect(store.statistics.ringBytes < 100_000)
  }
}
