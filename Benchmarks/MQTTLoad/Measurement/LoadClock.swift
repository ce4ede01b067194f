import Glibc

/// The clock of the load generator.
enum LoadClock {
  /// Nanoseconds since some moment in the past; never steps back (CLOCK_MONOTONIC).
  static func now() -> Int64 { read(CLOCK_MONOTONIC) }

  /// Unix milliseconds.
  static func wallMilliseconds() -> Int64 { read(CLOCK_REALTIME) / 1_000_000 }

  /// Nanoseconds of processor time that this process has taken.
  static func processorTime() -> Int64 { read(CLOCK_PROCESS_CPUTIME_ID) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
