/// One instant on both clocks.
public struct Moment: Sendable, Equatable {
  /// Time since the machine started, sleep included (CLOCK_BOOTTIME); never jumps.
  public var sinceBoot: Duration
  /// Unix milliseconds by the wall clock, which may jump.
  public var unixMilliseconds: Int64

  /// One instant by both clocks.
  public init(sinceBoot: Duration, unixMilliseconds: Int64) {
    self.sinceBoot = sinceBoot
    self.unixMilliseconds = unixMilliseconds
  }
}
