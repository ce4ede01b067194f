import TimeSeriesStorage

/// Which number the file has for each series of the store.
struct SeriesNumbers {
  /// By `SeriesID`; 0 for a series that the file does not know.
  private var numbers: [UInt32] = []
  private var last: UInt32 = 0

  subscript(series: SeriesID) -> Int64? {
    let index = Int(series.rawValue)
    guard index < numbers.count, numbers[index] != 0 else { return nil }
    return Int64(numbers[index])
  }

  /// Takes the next number for a series.
  mutating func add(_ series: SeriesID) -> Int64 {
    last += 1
    set(last, for: series)
    return Int64(last)
  }

  /// What the file says. Numbers that were given out before are not given out again.
  mutating func restore(_ number: UInt32, for series: SeriesID?) {
    last = max(last, number)
    if let series { set(number, for: series) }
  }

  /// Takes back the numbers of series that did not get into the file.
  mutating func remove(_ series: [SeriesID]) {
    for one in series { numbers[Int(one.rawValue)] = 0 }
  }

  private mutating func set(_ number: UInt32, for series: SeriesID) {
    let index = Int(series.rawValue)
    if index >= numbers.count {
      numbers.append(contentsOf: repeatElement(0, count: max(index + 1 - numbers.count, numbers.count / 2)))
    }
    numbers[index] = number
  }
}
