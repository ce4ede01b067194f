/// Waiting times between attempts: exponential, with full jitter, so that a thousand agents do not return in one
/// instant.
package struct Backoff: Sendable, Equatable {
  /// The bound of the first wait.
  package let base: Duration
  /// The bound of every wait.
  package let maximum: Duration
  /// Attempts that failed since the last success.
  package private(set) var failures = 0

  package init(base: Duration = .milliseconds(500), maximum: Duration = .seconds(30)) {
    precondition(base > .zero && maximum >= base, "BUG: backoff bounds")
    self.base = base
    self.maximum = maximum
  }

  /// The time to wait now: evenly distributed in 0 to min(maximum, base * 2^failures).
  package mutating func nextDelay(using random: inout some RandomNumberGenerator) -> Duration {
    // 2^20 is past any maximum that makes sense, and safe to multiply.
    let bound = min(maximum, base * (1 << min(failures, 20)))
    failures = min(failures + 1, 1 << 20)
    return bound * Double.random(in: 0...1, using: &random)
  }

  /// An attempt succeeded and lasted.
  package mutating func reset() { failures = 0 }
}
