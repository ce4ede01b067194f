/// The time of an event, read once by whoever caused it. The broker reads no clock.
package struct BrokerTime: Sendable {
  /// Milliseconds of a clock that never jumps; its origin means nothing.
  package var monotonic: Int64
  /// Unix milliseconds.
  package var wall: Int64

  package init(monotonic: Int64, wall: Int64) {
    self.monotonic = monotonic
    self.wall = wall
  }

  /// A moment of the wall clock, in Unix milliseconds, on the clock that never jumps; the ends of time stay there.
  func monotonic(ofWall unix: Int64) -> Int64 {
    let (distance, isTooFar) = unix.subtractingReportingOverflow(wall)
    let (moment, isBeyond) = monotonic.addingReportingOverflow(isTooFar ? (unix < 0 ? .min : .max) : distance)
    return isBeyond ? (distance < 0 ? .min : .max) : moment
  }
}
