import Testing
import TimeSeriesStorage

@testable import HubDatabase

/// Whatever comes in whatever order, and however much of it is on disk: buckets say what the readings do.
@Suite struct RollupModelTests {
  private struct Model {
    var values: [[Int64: Value]]
    var clock: Int64 = 1_000_000_000
    var step: Int64

    func rollups(_ series: Int, _ level: RollupLevel, from: Int64, to: Int64) -> [String] {
      var buckets: [Int64: [(Int64, Value)]] = [:]
      for (time, value) in values[series] where (from..<to).contains(level.start(of: time)) {
        buckets[level.start(of: time), default: []].append((time, value))
      }
      return buckets.keys.sorted().map { start in
        let readings = (buckets[start] ?? []).sorted { $0.0 < $1.0 }
        let numbers = readings.compactMap { $0.1.number }
        let whole = numbers.filter { !$0.isNaN }
        return Rollup(
          start: start, count: readings.count, numbers: numbers.count, minimum: whole.min(), maximum: whole.max(),
          sum: numbers.reduce(0, +), last: readings.last?.1 ?? .boolean(false)
        ).pattern
      }
    }
  }

  private let directory: TemporaryDirectory
  private static let storage = StorageLimits(memoryBytes: 1 << 20, rawRetention: .max)

  init() throws { directory = try TemporaryDirectory() }

  private func open() throws -> (hub: SynchronousHub, series: [SeriesID]) {
    let hub = try SynchronousHub(directory: directory.path, storage: Self.storage)
    return (hub, try (0..<3).map { try hub.store.series(of: hub.store.device(named: "d"), metric: "m\($0)") })
  }

  @Test(arguments: 0..<16)
  func bucketsSayWhatReadingsDo(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    var (hub, series) = try open()
    var model = Model(
      values: [[:], [:], [:]], step: [100, 1_000, 10_000, 300_000, 5_400_000].randomElement(using: &random) ?? 1)
    for round in 0..<30 {
      try append(to: &model, hub, series, &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0...2: try hub.seal()
      case 3: try hub.finishCheckpoint()
      case 4: try hub.checkpoint()
      case 5 where round % 3 == 0:
        hub.close()
        (hub, series) = try open()
      default: break
      }
      try check(model, hub, series, &random)
    }
    hub.close()
  }

  private func append(
    to model: inout Model, _ hub: SynchronousHub, _ series: [SeriesID], _ random: inout SeededGenerator
  ) throws {
    var batch = ReadingBatch()
    for _ in 0..<Int.random(in: 1...400, using: &random) {
      let place = Int.random(in: 0..<3, using: &random)
      var time = model.clock
      if Int.random(in: 0..<20, using: &random) == 0 {
        time = Int64.random(in: 1_000_000_000...model.clock, using: &random)
        time -= time % model.step
      } else {
        model.clock += model.step
      }
      let value = Self.value(place, &random)
      batch.add(series[place], time, value)
      model.values[place][time] = value
    }
    try hub.commit(batch)
  }

  /// Sums of quarters are exact in any order.
  private static func value(_ place: Int, _ random: inout SeededGenerator) -> Value {
    let number = Double(Int.random(in: -4_000...4_000, using: &random)) / 4
    switch place {
    case 0: return .number(number)
    case 1: return .number(Int.random(in: 0..<50, using: &random) == 0 ? .nan : 7)
    default:
      switch Int.random(in: 0..<3, using: &random) {
      case 0: return .number(number)
      case 1: return .boolean(Bool.random(using: &random))
      default: return .text("t\(Int.random(in: 0..<4, using: &random))")
      }
    }
  }

  private func check(
    _ model: Model, _ hub: SynchronousHub, _ series: [SeriesID], _ random: inout SeededGenerator
  ) throws {
    for level in RollupLevel.allCases {
      let from = level.start(of: Int64.random(in: 999_000_000...model.clock, using: &random))
      let to = level.end(of: Int64.random(in: from...model.clock, using: &random))
      for (place, id) in series.enumerated() {
        let found = try hub.rollups(id, level, from: from, to: to).map(\.pattern)
        let expected = model.rollups(place, level, from: from, to: to)
        #expect(found.count == expected.count)
        let wrong = zip(found, expected).first { $0 != $1 }
        #expect(wrong == nil, "\(level) of m\(place): found \(wrong?.0 ?? ""), expected \(wrong?.1 ?? "")")
      }
    }
  }
}

extension Value {
  fileprivate var number: Double? {
    switch self {
    case .number(let number): number
    case .boolean(let boolean): boolean ? 1 : 0
    case .text: nil
    }
  }
}

extension Rollup {
  /// Tells apart what is equal and not the same, and not-a-numbers are the same.
  fileprivate var pattern: String {
    let numbers = [minimum, maximum, sum].map { $0.map { $0.isNaN ? "nan" : "\($0 + 0)" } ?? "none" }
    return "\(start) \(count) \(self.numbers) \(numbers) \(last)"
  }
}

extension ReadingBatch {
  mutating func add(_ series: SeriesID, _ time: Int64, _ value: Value) {
    let (kind, bits): (PendingReading.Kind, UInt64) =
      switch value {
      case .number(let number): (.number, number.bitPattern)
      case .boolean(let boolean): (.boolean, boolean ? 1 : 0)
      case .text: (.text, UInt64(texts.count))
      }
    if case .text(let text) = value { texts.append(text) }
    readings.append(PendingReading(series: series, time: time, kind: kind, bits: bits, assignsUniqueTime: false))
  }
}
