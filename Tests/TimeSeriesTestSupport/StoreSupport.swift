package import TimeSeriesStorage

extension ReadingBatch {
  package mutating func add(_ series: SeriesID, _ time: Int64, _ value: Value, assignsUniqueTime: Bool = false) {
    switch value {
    case .number(let number):
      readings.append(
        PendingReading(
          series: series, time: time, kind: .number, bits: number.bitPattern, assignsUniqueTime: assignsUniqueTime))
    case .boolean(let boolean):
      readings.append(
        PendingReading(
          series: series, time: time, kind: .boolean, bits: boolean ? 1 : 0, assignsUniqueTime: assignsUniqueTime))
    case .text(let text):
      texts.append(text)
      readings.append(
        PendingReading(
          series: series, time: time, kind: .text, bits: UInt64(texts.count - 1), assignsUniqueTime: assignsUniqueTime))
    }
  }
}

extension TimeSeriesStore {
  /// A store that keeps readings of any age.
  package static func keepingAll(memoryBytes: Int = 256 << 20) -> TimeSeriesStore {
    TimeSeriesStore(limits: StorageLimits(memoryBytes: memoryBytes, rawRetention: .max))
  }

  package func makeSeries(_ device: String, _ metric: String) throws -> SeriesID {
    try series(of: self.device(named: device), metric: metric)
  }

  @discardableResult
  package func put(_ series: SeriesID, _ time: Int64, _ value: Value, receivedAt: Int64 = 0) -> AppendOutcome {
    var batch = ReadingBatch()
    batch.add(series, time, value)
    return append(&batch, receivedAt: receivedAt)
  }

  /// All readings of a series but one at `Int64.max`, which no exclusive end can include.
  package func all(_ series: SeriesID) -> [Reading] { read(series, .min, .max) }

  /// A store without an archive, or with one that cannot fail.
  package func read(_ series: SeriesID, _ from: Int64, _ to: Int64) -> [Reading] {
    (try? Array(snapshot(of: series, from: from, to: to))) ?? []
  }
}

extension Value {
  /// Bit for bit: a NaN is the same as itself, and 0 is not -0.
  package func isSame(as other: Value) -> Bool {
    if case .number(let number) = self, case .number(let otherNumber) = other {
      return number.bitPattern == otherNumber.bitPattern
    }
    return self == other
  }
}

extension Reading {
  package func isSame(as other: Reading) -> Bool { time == other.time && value.isSame(as: other.value) }
}

/// Where two lists of readings first differ, in a line that can be read; nil where they are the same.
package func difference(_ found: some Sequence<Reading>, _ expected: some Sequence<Reading>) -> String? {
  let found = Array(found)
  let expected = Array(expected)
  if let index = zip(found, expected).enumerated().first(where: { !$1.0.isSame(as: $1.1) })?.offset {
    return "at \(index): found \(found[index]), expected \(expected[index])"
  }
  return found.count == expected.count ? nil : "found \(found.count) readings, expected \(expected.count)"
}
