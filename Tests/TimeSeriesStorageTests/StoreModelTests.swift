import Testing
import TimeSeriesStorage
import TimeSeriesTestSupport

/// The store against a plain dictionary that knows nothing of blocks.
@Suite struct StoreModelTests {
  enum Order: CaseIterable {
    case ascending, descending, shuffled, mostlyAscending, interleaved, clustered
  }

  struct Case: Sendable {
    var order: Order
    var count: Int
    var seed: UInt64
  }

  static let cases: [Case] = Order.allCases.flatMap { order in
    [1, 5, 17, 255, 256, 257, 1_000, 5_000].map { Case(order: order, count: $0, seed: UInt64($0)) }
  }

  @Test(arguments: cases)
  func holdsWhatADictionaryHolds(_ test: Case) throws {
    var random = SeededGenerator(seed: test.seed)
    let store = TimeSeriesStore.keepingAll()
    let series = try store.makeSeries("d", "m")
    var model: [Int64: Value] = [:]
    var snapshots: [(SeriesSnapshot, [Reading])] = []
    var batch = ReadingBatch()
    for (step, time) in Self.times(test, &random).enumerated() {
      let value = Self.value(&random)
      batch.add(series, time, value)
      model[time] = value
      if Int.random(in: 0..<16, using: &random) == 0 || step == test.count - 1 {
        let outcome = store.append(&batch, receivedAt: 0)
        #expect(outcome.stored + outcome.replaced == batch.readings.count)
        batch.removeAll()
      }
      if batch.isEmpty, Int.random(in: 0..<max(3, test.count / 40), using: &random) == 0 {
        snapshots.append((try store.snapshot(of: series, from: .min, to: .max), Self.sorted(model)))
      }
    }
    #expect(difference(store.all(series), Self.sorted(model)) == nil)
    #expect(store.statistics.readingsStored == model.count)
    // What a reader holds is as it was, whatever happened since.
    for (snapshot, expected) in snapshots { #expect(difference(snapshot, expected) == nil) }
    try Self.checkRanges(store, series, Self.sorted(model), &random)
  }

  private static func checkRanges(
    _ store: TimeSeriesStore, _ series: SeriesID, _ expected: [Reading], _ random: inout SeededGenerator
  ) throws {
    let first = try #require(expected.first?.time)
    let last = try #require(expected.last?.time)
    for _ in 0..<50 {
      let from = Int64.random(in: first - 3...last + 3, using: &random)
      let to = Int64.random(in: first - 3...last + 3, using: &random)
      let inRange = expected.filter { $0.time >= from && $0.time < to }
      #expect(difference(store.read(series, from, to), inRange) == nil)
      // The same in parts, as a reader takes it who wants to hold little.
      var parts: [Reading] = []
      var next: Int64? = from
      while let start = next {
        let part = try store.snapshot(of: series, from: start, to: to, maximumReadings: 100)
        #expect(part.count < 100 + 256)
        parts += Array(part)
        next = part.resumeTime
      }
      #expect(difference(parts, inRange) == nil)
    }
    let summary = try #require(store.findDevice(named: "d").map { store.seriesList(of: $0) }?.first)
    #expect(summary.count == expected.count)
    #expect(summary.firstTime == first)
    #expect(summary.lastTime == last)
    #expect(store.latest(series)?.reading == expected.last)
  }

  private static func sorted(_ model: [Int64: Value]) -> [Reading] {
    model.map { Reading(time: $0.key, value: $0.value) }.sorted { $0.time < $1.time }
  }

  private static func times(_ test: Case, _ random: inout SeededGenerator) -> [Int64] {
    let count = Int64(test.count)
    switch test.order {
    case .ascending: return (0..<count).map { $0 * 3 }
    case .descending: return (0..<count).map { -$0 }
    case .shuffled: return (0..<count).map { _ in Int64.random(in: 0..<count * 2, using: &random) }
    case .mostlyAscending: return (0..<count).map { max(0, $0 * 10 - Int64.random(in: 0..<64, using: &random)) }
    case .interleaved: return (0..<count).map { $0 % 2 == 0 ? $0 : count * 4 - $0 }
    case .clustered: return (0..<count).map { ($0 % 7) * 1_000_000 + Int64.random(in: 0..<5_000, using: &random) }
    }
  }

  private static func value(_ random: inout SeededGenerator) -> Value {
    switch Int.random(in: 0..<20, using: &random) {
    case 0: .boolean(.random(using: &random))
    case 1: .text(String(repeating: "x", count: Int.random(in: 0..<40, using: &random)))
    default: .number(Double.random(in: -50...50, using: &random))
    }
  }
}
