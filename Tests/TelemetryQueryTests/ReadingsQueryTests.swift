import Testing
import TimeSeriesStorage

@testable import TelemetryQuery

@Suite struct ReadingsQueryTests {
  static let now: Int64 = 1_795_341_600_000

  @Test func fillsWhatIsNotGiven() throws {
    let raw = try ReadingsQuery(ReadingsParameters(), now: Self.now)
    #expect(raw.from == Self.now - 3_600_000)
    #expect(raw.to == Self.now)
    #expect(raw.every == nil)
    #expect(raw.aggregate == nil)
    #expect(raw.limit == QueryLimits().defaultRows)
    let windowed = try ReadingsQuery(.with { $0.every = "5m" }, now: Self.now)
    #expect(windowed.every == 300_000)
    #expect(windowed.aggregate == .mean)
  }

  struct Refusal: Sendable {
    var parameter: String
    var parameters: ReadingsParameters

    init(_ parameter: String, _ fill: (inout ReadingsParameters) -> Void) {
      self.parameter = parameter
      parameters = .with(fill)
    }
  }

  @Test(arguments: [
    Refusal("from") { $0.from = "+1h" },
    Refusal("from") { $0.from = "now" },
    Refusal("from") { $0.from = "-99999999999w" },
    Refusal("from") { $0.from = "-9999999w" },
    Refusal("from") { $0.from = "garbage" },
    Refusal("to") { $0.to = "+9999999w" },
    Refusal("to") { $0.to = "" },
    Refusal("from") {
      $0.from = "2026-11-22T10:00:00Z"; $0.to = "2026-11-22T09:00:00Z"
    },
    Refusal("every") { $0.every = "-5m" },
    Refusal("every") { $0.every = "0s" },
    Refusal("every") { $0.every = "4000d" },
    Refusal("every") {
      $0.every = "1ms"; $0.from = "-1d"
    },
    Refusal("agg") { $0.agg = "mean" },
    Refusal("agg") {
      $0.agg = "median"; $0.every = "1m"
    },
    Refusal("limit") { $0.limit = "0" },
    Refusal("limit") { $0.limit = "-1" },
    Refusal("limit") { $0.limit = "1000001" },
    Refusal("limit") { $0.limit = "99999999999999999999" },
    Refusal("limit") { $0.limit = "ten" },
    Refusal("device") { $0.device = "" },
    Refusal("metric") { $0.metric = "a,,b" },
    Refusal("cursor") { $0.cursor = "x" },
    Refusal("cursor") { $0.cursor = "1/2" },
    Refusal("cursor") { $0.cursor = "1/d/m/x" },
    Refusal("cursor") { $0.cursor = "1//m" },
  ])
  func namesWhatDoesNotFit(_ refusal: Refusal) {
    let error = #expect(throws: QueryError.self) { try ReadingsQuery(refusal.parameters, now: Self.now) }
    #expect(error?.parameter == refusal.parameter)
    #expect(error?.allowed.isEmpty == false)
  }

  @Test func saysHowManyWindowsAreTooMany() throws {
    let selector = try Selector(device: nil, metric: nil)
    let limits = QueryLimits(maximumWindows: 10)
    _ = try ReadingsQuery(selector: selector, from: 0, to: 100, every: 10, limits: limits)
    #expect(throws: QueryError.self) {
      try ReadingsQuery(selector: selector, from: 0, to: 101, every: 10, limits: limits)
    }
  }

  @Test func goesOnWhereItStopped() throws {
    let store = TimeSeriesStore.keepingAll()
    for device in ["a", "b", "c"] {
      for metric in ["x", "y"] {
        try store.put(device, metric, (0..<700).map { Reading(time: $0 * 10, value: .number(Double($0))) })
      }
    }
    for every: Int64? in [nil, 7, 100] {
      let selector = try Selector(device: "*", metric: "x,y")
      let all = try store.rows(
        ReadingsQuery(selector: selector, from: 5, to: 6_500, every: every, limit: 1_000_000))
      #expect(all.cursor == nil)
      for limit in [1, 13, 649, 650, 1_000, all.rows.count - 1, all.rows.count] where limit > 1 || every == 100 {
        var pages: [ReadingsRow] = []
        var cursor: QueryCursor?
        repeat {
          let query = try ReadingsQuery(
            selector: selector, from: 5, to: 6_500, every: every, limit: limit, cursor: cursor)
          let page = try store.rows(query)
          #expect(page.rows.count == limit || page.cursor == nil)
          pages += page.rows
          cursor = try page.cursor.map { try QueryCursor(parsing: $0.description) }
        } while cursor != nil
        let isSame = pages == all.rows
        #expect(isSame, "limit \(limit), every \(every ?? 0)")
      }
    }
  }

  /// Longer than what the reader takes from the store at once, and changing while it is read.
  @Test(arguments: [nil, 1_000] as [Int64?])
  func readsLongAnswers(_ every: Int64?) throws {
    let store = TimeSeriesStore.keepingAll()
    let count = Int64(3 * SnapshotReader.readingsPerSnapshot + 77)
    try store.put("d", "m", (0..<count).map { Reading(time: $0, value: .number(Double($0))) })
    let query = try ReadingsQuery(
      selector: Selector(device: nil, metric: nil), from: 0, to: count * 2, every: every,
      aggregate: every == nil ? nil : .count, limit: 1_000_000)
    var reader = try ReadingsReader(query, store: store)
    var rows: [ReadingsRow] = []
    while let row = try reader.next() {
      rows.append(row)
      // What is behind the reader does not disturb it.
      if rows.count == 10 { try store.put("d", "m", [Reading(time: -1, value: .number(0))]) }
    }
    let step = every ?? 1
    let expected = stride(from: 0, to: count, by: Int(step)).map { time in
      ReadingsRow(
        series: 0, time: time, value: .number(Double(every == nil ? time : min(step, count - time))))
    }
    let isSame = rows == expected
    #expect(isSame, "\(rows.count) rows, expected \(expected.count)")
    #expect(!reader.isTruncated)
  }

  @Test func aCursorIntoAVanishedSeriesGoesOnBehindIt() throws {
    let store = TimeSeriesStore.keepingAll()
    try store.put("a", "m", [Reading(time: 1, value: .number(1))])
    try store.put("c", "m", [Reading(time: 1, value: .number(3))])
    let query = try ReadingsQuery(
      selector: Selector(device: nil, metric: nil), from: 0, to: 10,
      cursor: QueryCursor(device: "b", metric: "m", time: 5))
    #expect(try store.rows(query).rows == [ReadingsRow(series: 1, time: 1, value: .number(3))])
  }

  @Test func readsOnlyWhatTheRangeHolds() throws {
    let store = TimeSeriesStore.keepingAll()
    try store.put("a", "m", (0..<10).map { Reading(time: $0, value: .boolean($0 % 2 == 0)) })
    let query = try ReadingsQuery(selector: Selector(device: "a", metric: "m"), from: 3, to: 6)
    #expect(try store.rows(query).rows.map(\.time) == [3, 4, 5])
  }
}
