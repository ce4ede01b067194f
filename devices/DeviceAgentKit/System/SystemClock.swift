internal import Glibc

/// The machine's clocks.
package enum SystemClock {
  package static func now() -> Moment {
    let wall = time(CLOCK_REALTIME)
    let boot = time(CLOCK_BOOTTIME)
    return Moment(
      sinceBoot: .seconds(boot.seconds) + .nanoseconds(boot.nanoseconds),
      unixMilliseconds: Int64(wall.seconds) * 1000 + Int64(wall.nanoseconds) / 1_000_000)
  }

  /// A `timespec` as the pair of words that it is: optimized builds count its members to a module of the toolchain's
  /// own, which cannot be imported.
  private static func time(_ clock: clockid_t) -> (seconds: Int, nanoseconds: Int) {
    var value: (seconds: Int, nanoseconds: Int) = (0, 0)
    let status = withUnsafeMutablePointer(to: &value) { pointer in
      pointer.withMemoryRebound(to: timespec.self, capacity: 1) { clock_gettime(clock, $0) }
    }
    precondition(status == 0, "BUG: the kernel has no clock \(clock)")
    return value
  }
}
