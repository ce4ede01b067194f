import Testing
import TimeSeriesStorage

@testable import TelemetryQuery

@Suite struct WindowTests {
  static let starts: [(Int64, Int64, Int64)] = [
    (0, 10, 0), (9, 10, 0), (10, 10, 10), (-1, 10, -10), (-10, 10, -10), (-11, 10, -20), (7, 1, 7),
    (Int64.max, 1_000, Int64.max - 807), (Int64.min, 1, Int64.min),
  ]

  @Test(arguments: starts)
  func beginsAtAMultipleOfItsLength(_ time: Int64, _ length: Int64, _ start: Int64) {
    #expect(Window.start(of: time, length: length) == start)
  }

  /// Against windows gathered in a dictionary.
  @Test(arguments: Aggregate.allCases)
  func aggregatesAsADictionaryDoes(_ aggregate: Aggregate) throws {
    var random = SeededGenerator(seed: 3)
    for round in 0..<30 {
      let store = TimeSeriesStore.keepingAll()
      let kinds = round % 3
      var model: [Int64: Value] = [:]
      for _ in 0..<Int.random(in: 1...3_000, using: &random) {
        model[Int64.random(in: -5_000...20_000, using: &random)] = value(kinds, &random)
      }
      let readings = model.map { Reading(time: $0.key, value: $0.value) }.sorted { $0.time < $1.time }
      try store.put("d", "m", readings)
      let every = Int64.random(in: 1...4_000, using: &random)
      let from = Int64.random(in: -6_000...0, using: &random)
      let to = Int64.random(in: 1...21_000, using: &random)
      let query = try ReadingsQuery(
        selector: Selector(device: nil, metric: nil), from: from, to: to, every: every, aggregate: aggregate,
        limit: 1_000_000)
      let rows = try store.rows(query).rows
      let expected = expectation(readings.filter { $0.time >= from && $0.time < to }, every, aggregate)
      let hasSameStarts = rows.map(\.time) == expected.map(\.time)
      #expect(hasSameStarts)
      for (row, expected) in zip(rows, expected) { #expect(isClose(row.value, expected.value)) }
    }
  }

  private func value(_ kinds: Int, _ random: inout SeededGenerator) -> Value {
    switch (kinds, Int.random(in: 0..<3, using: &random)) {
    case (1, _), (2, 1): .boolean(.random(using: &random))
    case (2, 2): .text("t\(Int.random(in: 0..<9, using: &random))")
    default: .number(Double.random(in: -100...100, using: &random))
    }
  }

  private func expectation(_ readings: [Reading], _ every: Int64, _ aggregate: Aggregate) -> [Reading] {
    let windows = Dictionary(grouping: readings) { reading in
      Int64((Double(reading.time) / Double(every)).rounded(.down)) * every
    }
    return windows.sorted { $0.key < $1.key }.compactMap { start, readings in
      naive(aggregate, readings).map { Reading(time: start, value: $0) }
    }
  }

  private func naive(_ aggregate: Aggregate, _ readings: [Reading]) -> Value? {
    let numbers = readings.compactMap { reading -> Double? in
      switch reading.value {
      case .number(let number): number
      case .boolean(let boolean): boolean ? 1 : 0
      case .text: nil
      }
    }
    switch aggregate {
    case .count: return .number(Double(readings.count))
    case .first: return readings.first?.value
    case .last: return readings.last?.value
    case .min: return numbers.min().map(Value.number)
    case .max: return numbers.max().map(Value.number)
    case .sum: return numbers.isEmpty ? nil : .number(numbers.reduce(0, +))
    case .mean: return numbers.isEmpty ? nil : .number(numbers.reduce(0, +) / Double(numbers.count))
    }
  }

  private func isClose(_ left: Value, _ right: Value) -> Bool {
    if case .number(let left) = left, case .number(let right) = right {
      return (left - right).magnitude <= 1e-9 * max(1, right.magnitude)
    }
    return left == right
  }

  @Test func sumsWhatRoundingWouldLose() throws {
    let store = TimeSeriesStore.keepingAll()
    let values = [1.0, 1e100, 1, -1e100]
    try store.put("d", "m", values.enumerated().map { Reading(time: Int64($0), value: .number($1)) })
    let query = try ReadingsQuery(
      selector: Selector(device: nil, metric: nil), from: 0, to: 10, every: 10, aggregate: .sum)
    #expect(try store.rows(query).rows.map(\.value) == [.number(2)])
  }

  @Test func keepsInfinityAndNotANumber() throws {
    let store = TimeSeriesStore.keepingAll()
    try store.put("d", "m", [.number(.infinity), .number(1)].enumerated().map { Reading(time: Int64($0), value: $1) })
    try store.put("d", "n", [Reading(time: 0, value: .number(.nan)), Reading(time: 1, value: .number(1))])
    func value(_ metric: String, _ aggregate: Aggregate) throws -> Double? {
      let query = try ReadingsQuery(
        selector: Selector(device: nil, metric: metric), from: 0, to: 10, every: 10, aggregate: aggregate)
      guard case .number(let number) = try store.rows(query).rows.first?.value else { return nil }
      return number
    }
    #expect(try value("m", .sum) == .infinity)
    #expect(try value("m", .max) == .infinity)
    #expect(try value("m", .min) == 1)
    #expect(try value("n", .sum)?.isNaN == true)
    #expect(try value("n", .min) == 1)
    #expect(try value("n", .count) == 2)
  }
}
