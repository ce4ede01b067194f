import Glibc

/// How fast a counter grows: events a minute, as exponentially weighted moving averages over 1, 5 and 15 minutes.
///
/// A stretch of time `t` with a steady rate moves an average over `T` towards that rate by `1 - exp(-t / T)`, so that it
/// does not matter how often the counter is looked at.
struct LoadAverage: Sendable, Equatable {
  private(set) var oneMinute = 0.0
  private(set) var fiveMinutes = 0.0
  private(set) var fifteenMinutes = 0.0
  private var counter: Int
  private var time: Int64

  /// Starts at rest. Times are milliseconds of a clock that never jumps.
  init(counter: Int = 0, at time: Int64) {
    self.counter = counter
    self.time = time
  }

  /// Takes in what the counter has grown by since the last time. A time that is not later changes nothing, and what was
  /// counted belongs to the next stretch.
  mutating func update(counter: Int, at time: Int64) {
    guard time > self.time else { return }
    let minutes = Double(time - self.time) / 60_000
    let rate = Double(max(0, counter - self.counter)) / minutes
    oneMinute = Self.moved(oneMinute, towards: rate, by: minutes)
    fiveMinutes = Self.moved(fiveMinutes, towards: rate, by: minutes / 5)
    fifteenMinutes = Self.moved(fifteenMinutes, towards: rate, by: minutes / 15)
    self.counter = counter
    self.time = time
  }

  private static func moved(_ average: Double, towards rate: Double, by windows: Double) -> Double {
    rate + exp(-windows) * (average - rate)
  }
}
