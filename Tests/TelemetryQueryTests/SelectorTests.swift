import Testing
import TimeSeriesStorage

@testable import TelemetryQuery

@Suite struct SelectorTests {
  static let globs: [(String, String, Bool)] = [
    ("*", "anything", true), ("*", "", true), ("", "", true), ("", "a", false), ("a", "a", true), ("a", "b", false),
    ("a*", "abc", true), ("*c", "abc", true), ("a*c", "abc", true), ("a*c", "ab", false), ("?", "a", true),
    ("?", "", false), ("?", "ab", false), ("a?c", "abc", true), ("**", "x", true), ("*a*b*", "xxaxxbxx", true),
    ("*a*b*", "xxbxxaxx", false), ("a.b", "axb", false), ("?", "é", true), ("??", "é", false), ("t*e", "t", false),
    ("*ab", "aab", true), ("*aab", "aaab", true), ("[a]", "a", false),
  ]

  @Test(arguments: globs)
  func matchesNames(_ pattern: String, _ name: String, _ matches: Bool) {
    #expect(Glob(pattern).matches(name) == matches)
  }

  /// Against a matcher that simply tries everything.
  @Test func matchesAsASimplerMatcherDoes() {
    func naive(_ pattern: ArraySlice<Character>, _ name: ArraySlice<Character>) -> Bool {
      guard let first = pattern.first else { return name.isEmpty }
      if first == "*" { return (0...name.count).contains { naive(pattern.dropFirst(), name.dropFirst($0)) } }
      guard let character = name.first, first == "?" || first == character else { return false }
      return naive(pattern.dropFirst(), name.dropFirst())
    }
    var random = SeededGenerator(seed: 7)
    for _ in 0..<5_000 {
      let pattern = String(
        (0..<Int.random(in: 0...7, using: &random)).map { _ in "ab*?".randomElement(using: &random)! })
      let name = String((0..<Int.random(in: 0...8, using: &random)).map { _ in "ab".randomElement(using: &random)! })
      #expect(Glob(pattern).matches(name) == naive(Array(pattern)[...], Array(name)[...]), "\(pattern) \(name)")
    }
  }

  @Test func manyStarsAreNotExponential() {
    let pattern = String(repeating: "*a", count: 60) + "b"
    #expect(!Glob(pattern).matches(String(repeating: "a", count: 128)))
  }

  @Test func resolvesInOrder() throws {
    let store = TimeSeriesStore()
    for device in ["pump-2", "pump-1", "fan"] {
      for metric in ["temperature", "current", "temperature.max"] {
        _ = try store.series(of: store.device(named: device), metric: metric)
      }
    }
    func names(_ device: String?, _ metric: String?) throws -> [String] {
      try Selector(device: device, metric: metric).resolve(in: store).series.map { "\($0.device)/\($0.metric)" }
    }
    #expect(
      try names("pump-*", "temp*") == [
        "pump-1/temperature", "pump-1/temperature.max", "pump-2/temperature", "pump-2/temperature.max",
      ])
    #expect(try names(nil, "current") == ["fan/current", "pump-1/current", "pump-2/current"])
    #expect(try names("fan,pump-2,fan", "current") == ["fan/current", "pump-2/current"])
    #expect(try names("fan", "temperature,current,none,temperature") == ["fan/current", "fan/temperature"])
    #expect(try names("fan", "temperature,c*") == ["fan/current", "fan/temperature"])
    #expect(try names("none", nil) == [])
    #expect(try Selector(device: "z,fan,a", metric: nil).resolve(in: store).unknownDevices == ["z", "a"])
    #expect(try Selector(device: "fan,none,*x", metric: nil).resolve(in: store).unknownDevices == ["none"])
    #expect(try Selector(device: "fan,nobody", metric: nil).resolve(in: store).unknownDevices == ["nobody"])
  }

  @Test func limitsSeries() throws {
    let store = TimeSeriesStore()
    let device = try store.device(named: "d")
    for number in 0..<11 { _ = try store.series(of: device, metric: "m\(number)") }
    let limits = QueryLimits(maximumSeriesPerQuery: 10)
    #expect(throws: QueryError.self) { try Selector(device: nil, metric: nil, limits: limits).resolve(in: store) }
    #expect(try Selector(device: nil, metric: "m1*", limits: limits).resolve(in: store).series.count == 2)
  }

  /// Pages of every size, put together, are what is resolved at once; one that is full up to its last series is the last.
  @Test func pagesAddUp() throws {
    let store = TimeSeriesStore()
    for device in ["b", "a", "c", "empty"] {
      let id = try store.device(named: device)
      guard device != "empty" else { continue }
      for metric in ["y", "x", "é", "xx"] { _ = try store.series(of: id, metric: metric) }
    }
    let narrow = QueryLimits(maximumSeriesPerQuery: 1)
    for (device, metric) in [(nil, nil), ("a,c", nil), ("*", "x*"), ("none", nil)] as [(String?, String?)] {
      let whole = try Selector(device: device, metric: metric).resolve(in: store)
      let selector = try Selector(device: device, metric: metric, limits: narrow)
      for limit in 1...13 {
        var found: [SelectedSeries] = []
        var page = selector.page(in: store, limit: limit)
        #expect(page.unknownDevices == whole.unknownDevices)
        found += page.series
        while let next = page.next {
          #expect(page.series.count == limit)
          page = selector.page(in: store, from: next, limit: limit)
          #expect(!page.series.isEmpty)
          found += page.series
        }
        #expect(found == whole.series)
      }
    }
  }

  @Test(arguments: [
    "", ",", "a,", ",a", "a,,b", String(repeating: "x", count: 5_000),
    Array(repeating: "a", count: 65).joined(separator: ","),
  ])
  func refusesLists(_ text: String) {
    let error = #expect(throws: QueryError.self) { try Selector(device: text, metric: nil) }
    #expect(error?.parameter == "device")
    let metricError = #expect(throws: QueryError.self) { try Selector(device: nil, metric: text) }
    #expect(metricError?.parameter == "metric")
  }
}
