import TimeSeriesStorage

/// Windows that lie within one part of what they are made of, in a loop that holds nothing but numbers.
///
/// A window is complete where something later of the part shows that it is; the last one of a part is the caller's matter.
struct WindowRun {
  /// Milliseconds.
  let every: Int64
  let aggregate: Aggregate

  /// Appends the windows of readings from `position` on; returns the place of the first one that is in none of them.
  func add(_ readings: ReadingColumns, from position: Int, to windows: inout NumberColumns) -> Int {
    add(readings, from: position, to: &windows) { numbers, _ in value(numbers) }
  }

  /// The same of buckets: `values` are that field of them which the aggregate is made of, `weights` how many numbers each
  /// sum is of.
  func add(
    buckets values: ReadingColumns, _ weights: BucketWeights?, from position: Int, to windows: inout NumberColumns
  ) -> Int {
    add(values, from: position, to: &windows) { numbers, range in
      switch aggregate {
      case .count: return total(numbers)
      case .sum, .mean:
        let count = weights?.total(position + range.lowerBound..<position + range.upperBound) ?? 0
        guard count > 0 else { return nil }
        return aggregate == .sum ? sum(numbers) : sum(numbers) / count
      case .first, .last, .min, .max: return value(numbers)
      }
    }
  }

  @inline(__always)
  private func add(
    _ values: ReadingColumns, from position: Int, to windows: inout NumberColumns,
    _ value: (UnsafeBufferPointer<UInt64>, Range<Int>) -> Double?
  ) -> Int {
    let rest = position..<values.count
    var end = position
    values.withTimes(rest) { times in
      _ = values.withNumbers(rest) { numbers in
        end += add(times, to: &windows) { range in value(UnsafeBufferPointer(rebasing: numbers[range]), range) }
      }
    }
    return end
  }

  /// Returns how many values the windows have.
  @inline(__always)
  private func add(
    _ times: UnsafeBufferPointer<Int64>, to windows: inout NumberColumns, _ value: (Range<Int>) -> Double?
  ) -> Int {
    var position = 0
    windows.append { starts, patterns in
      var count = 0
      var length = 1
      while position < times.count, count < starts.count {
        let start = Window.start(of: times[position], length: every)
        let (end, overflow) = start.addingReportingOverflow(every)
        // The last window of all time has no end that a time could reach.
        guard !overflow else { break }
        let next = Self.position(notBefore: end, in: times, after: position, guess: position + length)
        guard next < times.count else { break }
        length = next - position
        if let value = value(position..<next) {
          starts[count] = start
          patterns[count] = value.bitPattern
          count += 1
        }
        position = next
      }
      return count
    }
    return position
  }

  /// The first place behind `position` whose time is not before `end`. Devices measure at even intervals, so that `guess`,
  /// by the length of the window before, is mostly right.
  @inline(__always)
  private static func position(
    notBefore end: Int64, in times: UnsafeBufferPointer<Int64>, after position: Int, guess: Int
  ) -> Int {
    var low = position + 1
    var high = times.count
    if guess < high {
      if times[guess] >= end {
        if times[guess - 1] < end { return guess }
        high = guess - 1
      } else {
        low = guess + 1
      }
    }
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < end { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// What `WindowAccumulator` says of readings.
  @inline(__always)
  private func value(_ numbers: UnsafeBufferPointer<UInt64>) -> Double? {
    switch aggregate {
    case .count: return Double(numbers.count)
    case .first: return Double(bitPattern: numbers[0])
    case .last: return Double(bitPattern: numbers[numbers.count - 1])
    case .min: return extreme(numbers, from: .infinity) { $0 < $1 }
    case .max: return extreme(numbers, from: -.infinity) { $0 > $1 }
    case .sum: return sum(numbers)
    case .mean: return sum(numbers) / Double(numbers.count)
    }
  }

  @inline(__always)
  private func sum(_ numbers: UnsafeBufferPointer<UInt64>) -> Double {
    var sum = CompensatedSum()
    sum.add(numbers)
    return sum.total
  }

  /// Of whole numbers, far too small to be rounded.
  @inline(__always)
  private func total(_ numbers: UnsafeBufferPointer<UInt64>) -> Double {
    var total = 0.0
    for number in numbers { total += Double(bitPattern: number) }
    return total
  }

  /// nil where there are only not-a-numbers, which are neither least nor greatest.
  @inline(__always)
  private func extreme(
    _ numbers: UnsafeBufferPointer<UInt64>, from start: Double, _ isBeyond: (Double, Double) -> Bool
  ) -> Double? {
    var extreme = start
    for number in numbers where isBeyond(Double(bitPattern: number), extreme) { extreme = Double(bitPattern: number) }
    return extreme != start || numbers.contains { !Double(bitPattern: $0).isNaN } ? extreme : nil
  }
}
