/// A value that moves a little at every reading, as a room's temperature does.
struct RandomWalk {
  /// In units of the last digit.
  private(set) var value: Int32
  private let lowest: Int32
  private let highest: Int32

  /// Starts somewhere in the middle half of `range`.
  init(range: ClosedRange<Int32>, using generator: inout SplitMix64) {
    lowest = range.lowerBound
    highest = range.upperBound
    let quarter = (range.upperBound - range.lowerBound) / 4
    value = Int32.random(in: (lowest + quarter)...(highest - quarter), using: &generator)
  }

  /// Moves by -3 to +3 units, small steps likelier than large ones, and turns back at the ends of the range.
  ///
  /// Takes its chance from the lowest four bits of `random`.
  mutating func step(_ random: UInt64) {
    let change = Int32(truncatingIfNeeded: random & 3) - Int32(truncatingIfNeeded: (random >> 2) & 3)
    var moved = value &+ change
    if moved < lowest || moved > highest { moved = value &- change }
    value = moved
  }
}
