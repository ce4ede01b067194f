import TimeSeriesStorage

/// Gathers the readings of one window, in order of time.
struct WindowAccumulator {
  private var count = 0
  /// Numbers and booleans among them.
  private var numbers = 0
  private var minimum = Double.infinity
  private var maximum = -Double.infinity
  private var sum = CompensatedSum()
  private var first: Value
  private var last: Value

  init(_ reading: Reading) {
    first = reading.value
    last = reading.value
    add(reading)
  }

  mutating func add(_ reading: Reading) {
    count += 1
    last = reading.value
    switch reading.value {
    case .number(let number): add(number)
    case .boolean(let boolean): add(boolean ? 1 : 0)
    case .text: break
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
  func value(_ aggregate: Aggregate) -> Value? {
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
