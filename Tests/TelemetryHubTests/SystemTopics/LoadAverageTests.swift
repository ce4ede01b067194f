import Glibc
import Testing

@testable import TelemetryHub

@Suite struct LoadAverageTests {
  struct Printed: Sendable {
    let counter: Int
    /// Over 1, 5 and 15 minutes; a row for 11, 22 and 33 seconds.
    let rows: [[String]]
  }

  /// What Mosquitto 2.0.11 printed for its messages, packets and bytes received: all came in the first 11 seconds.
  static let mosquitto = [
    Printed(counter: 13, rows: [["11.88", "2.55", "0.86"], ["9.89", "2.46", "0.85"], ["8.23", "2.37", "0.84"]]),
    Printed(counter: 50, rows: [["45.68", "9.82", "3.31"], ["38.03", "9.47", "3.27"], ["31.66", "9.12", "3.23"]]),
    Printed(
      counter: 532,
      rows: [["486.08", "104.47", "35.25"], ["404.66", "100.71", "34.82"], ["336.87", "97.09", "34.40"]]),
  ]

  @Test(arguments: mosquitto)
  func saysWhatMosquittoSays(_ printed: Printed) {
    var load = LoadAverage(at: 5_000)
    for (index, row) in printed.rows.enumerated() {
      load.update(counter: printed.counter, at: 5_000 + Int64(index + 1) * 11_000)
      let averages = [load.oneMinute, load.fiveMinutes, load.fifteenMinutes]
      #expect(averages.map(SystemTree.twoDecimals) == row)
    }
  }

  /// A steady rate `r` for a time `t` gives `r (1 - exp(-t / T))`, and rest for a time `u` then leaves `exp(-u / T)` of
  /// it, however often the counter was looked at.
  @Test(arguments: [1, 7, 60, 600], [1, 90, 6_000_000])
  func followsTheClosedForm(minutes: Int, perMinute: Int) {
    var generator = SeededGenerator(seed: UInt64(minutes))
    for _ in 0..<50 {
      var load = LoadAverage(counter: 1_000, at: -40)
      var elapsed = 0
      while elapsed < minutes {
        elapsed += Int.random(in: 1...(minutes - elapsed), using: &generator)
        load.update(counter: 1_000 + perMinute * elapsed, at: Int64(elapsed) * 60_000 - 40)
      }
      expect(load, perMinute) { 1 - exp(-Double(minutes) / $0) }
      var rest = 0
      while rest < 4 * 60_000 {
        rest += Int.random(in: 1...(4 * 60_000 - rest), using: &generator)
        load.update(counter: 1_000 + perMinute * minutes, at: Int64(minutes) * 60_000 - 40 + Int64(rest))
      }
      expect(load, perMinute) { (1 - exp(-Double(minutes) / $0)) * exp(-4 / $0) }
    }
  }

  private func expect(_ load: LoadAverage, _ perMinute: Int, is share: (_ window: Double) -> Double) {
    for (average, window) in [(load.oneMinute, 1.0), (load.fiveMinutes, 5.0), (load.fifteenMinutes, 15.0)] {
      #expect(abs(average - Double(perMinute) * share(window)) <= 1e-9 * Double(perMinute))
    }
  }

  /// Nothing is lost, and nothing is counted twice, by looking when no time has passed.
  @Test func waitsForTimeToPass() {
    var twice = LoadAverage(at: 1_000)
    twice.update(counter: 5, at: 1_000)
    twice.update(counter: 9, at: 400)
    #expect(twice == LoadAverage(at: 1_000))
    twice.update(counter: 10, at: 2_000)
    var once = LoadAverage(at: 1_000)
    once.update(counter: 10, at: 2_000)
    #expect(twice == once)
  }

  @Test func isNeverNegative() {
    var load = LoadAverage(counter: 100, at: 0)
    load.update(counter: 40, at: 60_000)
    #expect([load.oneMinute, load.fiveMinutes, load.fifteenMinutes] == [0, 0, 0])
    load.update(counter: 41, at: 120_000)
    #expect(load.oneMinute > 0)
  }
}
