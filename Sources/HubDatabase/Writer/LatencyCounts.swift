/// How long something took, counted by size: any quantile to within a ninth.
package struct LatencyCounts: Sendable, Equatable {
  /// Eight to each doubling.
  private static let stepsOfDoubling = 8
  private static let doublings = 36

  private var counts = [Int](repeating: 0, count: doublings * stepsOfDoubling)
  package private(set) var count = 0
  /// Microseconds of all together.
  package private(set) var sum: Int64 = 0

  package init() {}

  mutating func add(microseconds: Int64) {
    let value = max(microseconds, 0)
    counts[min(Self.step(of: max(value, 1)), counts.count - 1)] += 1
    count += 1
    sum += value
  }

  /// Microseconds that a share of all took at most, rounded up to a step; 0 where there were none.
  package func quantile(_ share: Double) -> Int64 {
    let rank = Int((Double(count) * share).rounded(.up))
    var seen = 0
    for (step, number) in counts.enumerated() {
      seen += number
      if seen >= rank, seen > 0 { return Self.end(of: step) }
    }
    return 0
  }

  private static func step(of value: Int64) -> Int {
    let doubling = 63 - value.leadingZeroBitCount
    guard doubling >= 3 else { return Int(value) }
    return (doubling - 2) * stepsOfDoubling + Int(value >> (doubling - 3)) - stepsOfDoubling
  }

  private static func end(of step: Int) -> Int64 {
    guard step >= stepsOfDoubling else { return Int64(step) }
    let doubling = step / stepsOfDoubling + 2
    return Int64(step % stepsOfDoubling + stepsOfDoubling + 1) << (doubling - 3) - 1
  }
}
