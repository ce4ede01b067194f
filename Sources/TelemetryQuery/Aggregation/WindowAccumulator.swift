import TimeSeriesStorage

/// Gathers the readings of one window, in order of time.
struct WindowAccumulator {
  private let aggregate: Aggregate
  private var count = 0
  /// Numbers and booleans among them.
  private var numbers = 0
  private var minimum = Double.infinity
  private var maximum = -Double.infinity
  private var sum = CompensatedSum()
  private var first: Value?
  private var last: Value?

  init(_ aggregate: Aggregate) { self.aggregate = aggregate }

  /// Adds the readings at those positions, at least one.
  mutating func add(_ columns: ReadingColumns, _ positions: Range<Int>) {
    guard !positions.isEmpty else { return }
    if first == nil { first = columns.value(at: positions.lowerBound) }
    last = columns.value(at: positions.upperBound - 1)
    count += positions.count
    if columns.withNumbers(positions, { add($0) }) { return }
    for position in positions {
      switch columns.value(at: position) {
      case .number(let number): add(number)
      case .boolean(let boolean): add(boolean ? 1 : 0)
      case .text: break
      }
    }
  }

  /// Adds numbers and booleans of which only that is known; `first` and `last` mean nothing then.
  mutating func add(_ summary: ChunkSummary) {
    count += summary.count
    numbers += summary.count
    if let least = summary.minimum, least < minimum { minimum = least }
    if let greatest = summary.maximum, greatest > maximum { maximum = greatest }
    sum.add(summary.sum)
  }

  /// Adds buckets: that column of them which the aggregate is made of, and for sums of how many numbers each is.
  mutating func add(
    buckets values: ReadingColumns, _ weights: BucketWeights?, _ positions: Range<Int>
  ) {
    guard !positions.isEmpty else { return }
    switch aggregate {
    case .first, .last: last = values.value(at: positions.upperBound - 1)
    case .count: _ = values.withNumbers(positions) { for count in $0 { self.count += Int(Double(bitPattern: count)) } }
    // Not-a-number where a bucket has none.
    case .min, .max: _ = values.withNumbers(positions) { add($0) }
    case .mean, .sum:
      _ = values.withNumbers(positions) { sum.add($0) }
      if let weights { numbers += Int(weights.total(positions)) }
    }
  }

  /// Of many numbers only what is asked for.
  private mutating func add(_ patterns: UnsafeBufferPointer<UInt64>) {
    numbers += patterns.count
    switch aggregate {
    case .count, .first, .last: break
    case .mean, .sum: sum.add(patterns)
    case .min, .max:
      // In variables of its own, which stay in registers.
      var minimum = minimum
      var maximum = maximum
      for pattern in patterns {
        let number = Double(bitPattern: pattern)
        if number < minimum { minimum = number }
        if number > maximum { maximum = number }
      }
      self.minimum = minimum
      self.maximum = maximum
    }
  }

  private mutating func add(_ number: Double) {
    numbers += 1
    // `min` and `max` of the language would let a NaN win.
    if number < minimum { minimum = number }
    if number > maximum { maximum = number }
    sum.add(number)
  }

  /// nil where the window has no reading that the aggregate takes.
  var value: Value? {
    switch aggregate {
    case .count: return .number(Double(count))
    case .first: return first
    case .last: return last
    case .sum: return numbers == 0 ? nil : .number(sum.total)
    case .mean: return numbers == 0 ? nil : .number(sum.total / Double(numbers))
    // Only not-a-numbers: there is neither a least nor a greatest.
    case .min: return minimum > maximum ? nil : .number(minimum)
    case .max: return minimum > maximum ? nil : .number(maximum)
    }
  }
}
