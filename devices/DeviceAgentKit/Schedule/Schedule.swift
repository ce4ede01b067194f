/// Instants at a fixed interval, without drift: each is counted from the first, however late the one before was served.
package struct Schedule: Sendable, Equatable {
  package private(set) var interval: Duration
  /// When the next instant is due.
  package private(set) var next: Duration
  /// Instants that passed unserved because their successor was already due.
  package private(set) var missed: UInt64 = 0

  /// - Parameter interval: more than zero.
  package init(interval: Duration, first: Duration) {
    precondition(interval > .zero, "BUG: an interval of zero never advances")
    self.interval = interval
    self.next = first
  }

  /// Whether an instant is due; it then counts as served.
  package mutating func isDue(at now: Duration) -> Bool {
    guard now >= next else { return false }
    let periods = max((now - next) / interval, 0).rounded(.down)
    // Past 2^53 periods a Double cannot count them: begin again from now.
    guard periods < 9e15 else {
      next = now + interval
      return true
    }
    next += interval * (Int(periods) + 1)
    missed += UInt64(periods)
    return true
  }

  /// Begins anew with another interval: the next instant is one interval from now.
  package mutating func change(interval: Duration, at now: Duration) {
    precondition(interval > .zero, "BUG: an interval of zero never advances")
    self.interval = interval
    next = now + interval
  }
}
