import Glibc

/// A moment on the monotonic clock by which something must have happened.
struct Deadline {
  private let end: Int64

  init(_ time: Duration) { end = Self.now() + time.wholeMilliseconds }

  var hasPassed: Bool { remaining <= 0 }

  /// Milliseconds that are left, 0 and more: what poll(2) waits.
  var remaining: Int32 { Int32(clamping: max(0, end - Self.now())) }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}

extension Duration {
  /// Milliseconds, rounded down.
  var wholeMilliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
