/// The hub's wall clock, as far as it is known: boards without a clock of their own must still know when a command is
/// too late.
package struct HubTime: Sendable, Equatable {
  private var known: (unixMilliseconds: Int64, sinceBoot: Duration)?

  package init() {}

  /// The hub said what time it is.
  package mutating func received(unixMilliseconds: Int64, at now: Moment) {
    // Before 2000 or after 9999 it is no time.
    guard unixMilliseconds > 946_684_800_000, unixMilliseconds < 253_402_300_800_000 else { return }
    known = (unixMilliseconds, now.sinceBoot)
  }

  /// The hub's time now; this machine's where the hub's is not known. The clock since boot carries it on, which never
  /// jumps.
  package func unixMilliseconds(at now: Moment) -> Int64 {
    guard let known else { return now.unixMilliseconds }
    return known.unixMilliseconds + max(now.sinceBoot - known.sinceBoot, .zero).wholeMilliseconds
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.known?.unixMilliseconds == right.known?.unixMilliseconds && left.known?.sinceBoot == right.known?.sinceBoot
  }
}
