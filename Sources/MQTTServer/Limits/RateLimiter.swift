/// A token bucket: so many tokens a second, and as many at once after a second of rest.
///
/// A taker may go into debt, since a packet cannot be cut: it takes once a whole token is there, and the debt makes the
/// next wait longer, so that the rate holds on average whatever the sizes. Times are milliseconds of a clock that never
/// jumps. A rate below 1 counts as 1.
struct RateLimiter: Sendable, Equatable {
  /// Tokens a second, and the most that gather.
  let rate: Int64
  /// In thousandths of a token, so that a millisecond brings a whole number of them.
  private var level: Int64
  private var lastTime: Int64

  /// Begins full.
  init(rate: Int, at now: Int64) {
    // So that a second's worth in thousandths, and a debt beside it, are far from overflow.
    self.rate = Int64(min(max(1, rate), 1 << 40))
    level = self.rate * 1_000
    lastTime = now
  }

  /// Milliseconds until there is a token to take; 0 where there is one now.
  mutating func wait(at now: Int64) -> Int64 {
    refill(at: now)
    return level >= 1_000 ? 0 : (1_000 - level + rate - 1) / rate
  }

  /// Takes `count` tokens, those not there as debt.
  mutating func take(_ count: Int, at now: Int64) {
    refill(at: now)
    level -= Int64(min(max(0, count), 1 << 40)) * 1_000
    level = max(level, -Self.maximumDebt)
  }

  private static let maximumDebt: Int64 = 1 << 60

  private mutating func refill(at now: Int64) {
    // A clock that went back brings nothing.
    guard now > lastTime else { return }
    let (gain, overflow) = rate.multipliedReportingOverflow(by: now &- lastTime)
    lastTime = now
    let full = rate * 1_000
    // A gain that does not fit is more than any debt and the bucket together.
    level = overflow || gain >= full - level ? full : level + gain
  }
}
