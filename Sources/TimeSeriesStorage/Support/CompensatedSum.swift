/// A sum that keeps what rounding takes from it (Neumaier).
package struct CompensatedSum: Sendable {
  @usableFromInline var sum = 0.0
  @usableFromInline var lost = 0.0

  @inlinable package init() {}

  @inlinable
  package mutating func add(_ number: Double) {
    let next = sum + number
    lost += sum.magnitude >= number.magnitude ? (sum - next) + number : (number - next) + sum
    sum = next
  }

  /// Adds doubles by their bit patterns, in two sums at once: each addition waits for the one before.
  @inlinable
  package mutating func add(_ patterns: UnsafeBufferPointer<UInt64>) {
    var (first, firstLost) = (sum, lost)
    var (second, secondLost) = (0.0, 0.0)
    var place = 0
    while place + 2 <= patterns.count {
      Self.add(Double(bitPattern: patterns[place]), &first, &firstLost)
      Self.add(Double(bitPattern: patterns[place + 1]), &second, &secondLost)
      place += 2
    }
    sum = first
    lost = firstLost + secondLost
    add(second)
    if place < patterns.count { add(Double(bitPattern: patterns[place])) }
  }

  /// What rounding takes without asking which of the two is greater (Knuth): more steps, and none that is guessed.
  @inlinable @inline(__always)
  static func add(_ number: Double, _ sum: inout Double, _ lost: inout Double) {
    let next = sum + number
    let added = next - sum
    lost += (sum - (next - added)) + (number - added)
    sum = next
  }

  /// The sum with its correction; an infinite one has none.
  @inlinable package var total: Double { sum.isFinite && lost.isFinite ? sum + lost : sum }
}
