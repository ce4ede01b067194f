import Glibc

/// The clocks that a load generator needs. Only the executable reads them; everything below takes time as a parameter.
enum MonotonicClock {
  /// Nanoseconds since some moment in the past; never steps back (CLOCK_MONOTONIC).
  static func now() -> Int64 { read(CLOCK_MONOTONIC) }

  /// Unix milliseconds.
  static func wallMilliseconds() -> Int64 { read(CLOCK_REALTIME) / 1_000_000 }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
