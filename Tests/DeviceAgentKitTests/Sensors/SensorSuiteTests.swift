import DeviceAgentKit
import Testing

@Suite("Reading all sensors")
struct SensorSuiteTests {
  /// Answers with what it is given.
  struct Fake: Sensor {
    struct Broken: Error, CustomStringConvertible { let description: String }
    var name: String
    var metrics: [Metric] { [] }
    var answers: [Result<[MetricReading], Broken>]

    mutating func read(at moment: Moment) throws -> [MetricReading] {
      answers.isEmpty ? [] : try answers.removeFirst().get()
    }
  }

  @Test("Values that cannot be sent are left out or cut")
  func validation() {
    var suite = SensorSuite([
      Fake(
        name: "odd",
        answers: [
          .success([
            MetricReading("a b/c", 1), MetricReading("nan", .number(.nan)), MetricReading("good", true),
            MetricReading("text", .text(String(repeating: "é", count: 200))),
          ])
        ])
    ])
    let readings = suite.read { .start }.groups.flatMap(\.readings)
    #expect(readings.map(\.metric) == ["a_b_c", "good", "text"])
    #expect(readings.last?.value == .text(String(repeating: "é", count: 128)))
    #expect(suite.failures == ["odd": "nan is not a finite number"])
  }

  @Test("One instant is one group; a slow sensor and a sensor's own time have theirs")
  func grouping() {
    var moments = [0, 3, 9, 40, 41].map { Moment.start.advanced(by: .milliseconds($0)) }
    var suite = SensorSuite([
      Fake(name: "a", answers: [.success([MetricReading("a", 1)])]),
      Fake(name: "b", answers: [.success([MetricReading("b", 2)])]),
      Fake(name: "slow", answers: [.success([MetricReading("slow", 3)])]),
      Fake(name: "after", answers: [.success([MetricReading("after", 4)])]),
      Fake(name: "own", answers: [.success([MetricReading("own", 5, unixMilliseconds: 1_600_000_000_000)])]),
    ])
    let groups = suite.read { moments.removeFirst() }.groups
    let start = Moment.start.unixMilliseconds
    #expect(groups.map(\.unixMilliseconds) == [1_600_000_000_000, start, start + 40])
    #expect(groups.map { $0.readings.map(\.metric) } == [["own"], ["a", "b", "slow"], ["after"]])
  }

  @Test("A sensor that throws is told once, when it changes its mind, and when it works again")
  func failures() {
    var suite = SensorSuite([
      Fake(
        name: "flaky",
        answers: [
          .failure(.init(description: "no bus")), .failure(.init(description: "no bus")),
          .failure(.init(description: "no answer")), .success([]), .success([]),
        ])
    ])
    let told = (0..<5).map { _ in suite.read { .start }.changes.map(\.failure) }
    #expect(told == [["no bus"], [], ["no answer"], [nil], []])
  }

  /// Texts and the metric names that they become.
  static let names: [(text: String, name: String)] = [
    ("temp", "temp"), ("ENERGY.Power", "ENERGY.Power"), ("Package id 0", "Package_id_0"), ("a \t\n/b", "a_b"),
    ("", "_"), ("\"'", "_"), ("°C", "°C"), ("a*?,b", "a_b"),
    (String(repeating: "x", count: 200), String(repeating: "x", count: 128)),
    (String(repeating: "x", count: 127) + "é", String(repeating: "x", count: 127)),
  ]

  @Test("Any text becomes a metric's name", arguments: names)
  func metricNames(_ row: (text: String, name: String)) {
    #expect(Metric(row.text).name == row.name)
    #expect(Metric.valid(row.name) == row.name)
  }
}
