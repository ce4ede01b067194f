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

  /// The sum with its correction; an infinite one has none.
  @inlinable package var total: Double { sum.isFinite && lost.isFinite ? sum + lost : sum }
}
