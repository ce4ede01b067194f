import Testing
import TimeSeriesStorage
import TimeSeriesTestSupport

@Suite struct ConcurrencyTests {
  /// Several writers and readers at once, over shared and own series, with eviction and late readings.
  @Test func writersAndReadersDoNotDisturbEachOther() async throws {
    let limit = 400_000
    let store = TimeSeriesStore(limits: StorageLimits(memoryBytes: limit, rawRetention: .max))
    let shared = try store.makeSeries("shared", "m")
    let own = try (0..<4).map { try store.makeSeries("own-\($0)", "m") }
    let writersDone = try await withThrowingTaskGroup(of: Int.self) { group in
      for (writer, id) in own.enumerated() {
        group.addTask { try Self.write(to: store, own: id, shared: shared, seed: UInt64(writer)) }
      }
      for reader in 0..<2 {
        group.addTask {
          Self.read(store, own + [shared], seed: UInt64(100 + reader))
          return 0
        }
      }
      return try await group.reduce(0, +)
    }
    let statistics = store.statistics
    #expect(statistics.readingsAppendedTotal == writersDone)
    #expect(statistics.readingsStored + statistics.evictedTotal + statistics.replacedTotal == writersDone)
    #expect(statistics.ringBytes <= limit)
    #expect(statistics.readingsStored == (own + [shared]).reduce(0) { $0 + store.all($1).count })
    #expect(store.devices().count == 5 + 4)
  }

  private static func write(
    to store: TimeSeriesStore, own: SeriesID, shared: SeriesID, seed: UInt64
  ) throws -> Int {
    var random = SeededGenerator(seed: seed)
    var batch = ReadingBatch()
    var appended = 0
    for round in 0..<400 {
      batch.removeAll()
      for step in 0..<50 {
        let time = Int64(round * 50 + step)
        batch.add(own, time, step % 20 == 0 ? .text("reading \(time) of a long name") : .number(Double(time)))
        batch.add(shared, time - Int64.random(in: 0...300, using: &random), .number(Double(time)))
      }
      let outcome = store.append(&batch, receivedAt: 0)
      appended += outcome.stored + outcome.replaced
    }
    _ = try store.device(named: "late-\(seed)")
    return appended
  }

  private static func read(_ store: TimeSeriesStore, _ series: [SeriesID], seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<400 {
      let from = Int64.random(in: 0..<20_000, using: &random)
      let id = series[Int.random(in: 0..<series.count, using: &random)]
      var previous = Int64.min
      var isSorted = true
      for reading in store.read(id, from, from + 3_000) {
        isSorted = isSorted && reading.time > previous && reading.time >= from && reading.time < from + 3_000
        previous = reading.time
      }
      #expect(isSorted)
      _ = store.latest(id)
      _ = store.statistics
    }
  }
}
