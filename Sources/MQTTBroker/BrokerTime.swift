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
}
