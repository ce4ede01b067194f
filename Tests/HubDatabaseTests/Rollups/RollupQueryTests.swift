import TelemetryQuery
import Testing
import TimeSeriesStorage

@testable import HubDatabase

/// Windows made of buckets are those made of readings.
@Suite struct RollupQueryTests {
  private let directory: TemporaryDirectory
  private static let hour: Int64 = 3_600_000
  private static let day = 24 * hour

  init() throws { directory = try TemporaryDirectory() }

  private func open(memoryBytes: Int = 1 << 20) throws -> SynchronousHub {
    try SynchronousHub(
      directory: directory.path, storage: StorageLimits(memoryBytes: memoryBytes, rawRetention: .max))
  }

  private func rows(_ query: ReadingsQuery, _ hub: SynchronousHub) throws -> (rows: [ReadingsRow], level: QueryLevel) {
    var reader = try ReadingsReader(query, store: hub.store)
    var rows: [ReadingsRow] = []
    while let row = try reader.next() { rows.append(row) }
    return (rows, reader.level)
  }

  private func query(
    _ from: Int64, _ to: Int64, every: Int64, _ aggregate: Aggregate, _ level: QueryLevel?,
    limits: QueryLimits = QueryLimits()
  ) throws -> ReadingsQuery {
    try ReadingsQuery(
      selector: Selector(device: nil, metric: nil), from: from, to: to, every: every, aggregate: aggregate,
      level: level,
      limit: 1_000_000, limits: limits)
  }

  /// A reading every seven seconds or so of a number, and of mixed values.
  private func fill(_ hub: SynchronousHub, from start: Int64, to end: Int64, _ random: inout SeededGenerator) throws {
    let series = try ["a", "b"].map { try hub.store.series(of: hub.store.device(named: "d"), metric: $0) }
    var batch = ReadingBatch()
    var time = start
    while time < end {
      batch.add(series[0], time, .number(Double(Int.random(in: -400...400, using: &random)) / 4))
      let mixed: [Value] = [.number(.nan), .number(2), .boolean(true), .text("on"), .text("off")]
      batch.add(series[1], time, mixed.randomElement(using: &random) ?? .number(0))
      time += Int64.random(in: 1...14_000, using: &random)
    }
    try hub.commit(batch)
  }

  @Test(arguments: 0..<4)
  func everyLevelGivesTheSameWindows(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let hub = try open()
    for part in Int64(0)..<12 {
      try fill(hub, from: part * 3 * Self.hour, to: (part + 1) * 3 * Self.hour, &random)
      if part % 5 == 4 { try hub.finishCheckpoint() } else if part % 2 == 0 { try hub.seal() }
    }
    for _ in 0..<60 {
      let from = Int64.random(in: -Self.hour..<36 * Self.hour, using: &random)
      let to = Int64.random(in: from + 1...37 * Self.hour, using: &random)
      let every = Self.hour * Int64.random(in: 1...5, using: &random)
      for aggregate in Aggregate.allCases where aggregate != .first {
        let raw = try rows(query(from, to, every: every, aggregate, .raw), hub).rows.map(\.pattern)
        for level in [QueryLevel.minute, .hour] {
          let found = try rows(query(from, to, every: every, aggregate, level), hub).rows.map(\.pattern)
          #expect(found.count == raw.count)
          let wrong = zip(found, raw).first { $0 != $1 }
          #expect(wrong == nil, "\(aggregate) at \(level): found \(wrong?.0 ?? ""), expected \(wrong?.1 ?? "")")
        }
      }
    }
    hub.close()
  }

  /// What was read before is kept in memory; what has changed since is not taken from there.
  @Test(arguments: 0..<4)
  func windowsFollowEveryChange(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let hub = try open()
    for turn in 0..<40 {
      // Late ones, and others in the place of those that are there.
      let start = Int64.random(in: 0..<36 * Self.hour, using: &random)
      try fill(hub, from: start, to: start + 2 * Self.hour, &random)
      switch turn % 4 {
      case 0: try hub.seal()
      case 2: try hub.finishCheckpoint()
      default: break
      }
      for aggregate in [Aggregate.max, .mean, .count] {
        let raw = try rows(query(0, 40 * Self.hour, every: Self.hour, aggregate, .raw), hub).rows.map(\.pattern)
        for level in [QueryLevel.minute, .hour] {
          let found = try rows(query(0, 40 * Self.hour, every: Self.hour, aggregate, level), hub).rows.map(\.pattern)
          let wrong = zip(found, raw).first { $0 != $1 }
          #expect(found.count == raw.count && wrong == nil, "\(aggregate) at \(level) in turn \(turn)")
        }
      }
    }
    hub.close()
  }

  @Test func theFinestLevelIsTakenThatReachesBackAndIsNotTooMuch() throws {
    var random = SeededGenerator(seed: 1)
    var hub = try open()
    try fill(hub, from: 0, to: 10 * Self.day, &random)
    try hub.finishCheckpoint()
    func level(_ from: Int64, every: Int64, _ aggregate: Aggregate = .max, cost: Int = 1_000_000) throws -> QueryLevel {
      let limits = QueryLimits(readingsOfLevel: cost)
      return try rows(query(from, 10 * Self.day, every: every, aggregate, nil, limits: limits), hub).level
    }
    #expect(try level(0, every: Self.hour) == .raw)
    #expect(try level(0, every: Self.hour, cost: 30_000) == .minute)
    #expect(try level(9 * Self.day, every: Self.hour, cost: 30_000) == .raw)
    #expect(try level(0, every: Self.hour, cost: 1_000) == .hour)
    #expect(try level(0, every: 60_000, cost: 1_000) == .minute)
    #expect(try level(0, every: 90_000, cost: 1_000) == .raw)
    #expect(try level(0, every: Self.hour, .first, cost: 1_000) == .raw)

    let whole = try rows(query(0, 10 * Self.day, every: Self.hour, .mean, .minute), hub).rows
    try hub.remove(RetentionCutoffs(readings: 8 * Self.day, minutes: 4 * Self.day, hours: .min))
    hub.close()
    hub = try open()
    #expect(try level(0, every: Self.hour) == .hour)
    #expect(try level(5 * Self.day, every: Self.hour) == .minute)
    #expect(try level(8 * Self.day, every: Self.hour) == .raw)
    #expect(try level(0, every: 60_000) == .minute)
    // From within an hour whose readings are gone: that hour as a whole.
    let rest = try rows(query(Self.day + 1, 10 * Self.day, every: Self.hour, .mean, nil), hub)
    #expect(rest.level == .hour)
    let expected = whole.filter { $0.time >= Self.day }
    #expect(rest.rows.count == expected.count)
    #expect(rest.rows.first == expected.first)
    hub.close()
  }

  @Test(arguments: [(nil, Aggregate?.none), (90_000, .max), (60_000, .first)] as [(Int64?, Aggregate?)])
  func aLevelThatCannotBeIsRefused(_ every: Int64?, _ aggregate: Aggregate?) {
    let error = #expect(throws: QueryError.self) {
      try ReadingsQuery(
        selector: Selector(device: nil, metric: nil), from: 0, to: 10, every: every, aggregate: aggregate,
        level: .minute)
    }
    #expect(error?.parameter == "level")
    #expect(error?.received == "1m")
  }
}

extension ReadingsRow {
  /// Not-a-numbers are the same.
  fileprivate var pattern: String {
    if case .number(let number) = value { return "\(series) \(time) \(number.isNaN ? "nan" : "\(number)")" }
    return "\(series) \(time) \(value)"
  }
}
