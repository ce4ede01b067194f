import TimeSeriesStorage

extension ReadingBatch {
  mutating func add(_ series: SeriesID, _ time: Int64, _ value: Value, assignsUniqueTime: Bool = false) {
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
  static func keepingAll(memoryBytes: Int = 256 << 20) -> TimeSeriesStore {
    TimeSeriesStore(limits: StorageLimits(memoryBytes: memoryBytes, rawRetention: .max))
  }

  func makeSeries(_ device: String, _ metric: String) throws -> SeriesID {
    try series(of: self.device(named: device), metric: metric)
  }

  @discardableResult
  func put(_ series: SeriesID, _ time: Int64, _ value: Value, receivedAt: Int64 = 0) -> AppendOutcome {
    var batch = ReadingBatch()
    batch.add(series, time, value)
    return append(&batch, receivedAt: receivedAt)
  }

  /// All readings of a series but one at `Int64.max`, which no exclusive end can include.
  func all(_ series: SeriesID) -> [Reading] { read(series, .min, .max) }

  /// A store without an archive, or with one that cannot fail.
  func read(_ series: SeriesID, _ from: Int64, _ to: Int64) -> [Reading] {
    (try? Array(snapshot(of: series, from: from, to: to))) ?? []
  }
}

/// Where two lists of readings first differ, in a line that can be read; nil where they are the same.
func difference(_ found: some Sequence<Reading>, _ expected: some Sequence<Reading>) -> String? {
  let found = Array(found)
  let expected = Array(expected)
  if let index = zip(found, expected).enumerated().first(where: { $1.0 != $1.1 })?.offset {
    return "at \(index): found \(found[index]), expected \(expected[index])"
  }
  return found.count == expected.count ? nil : "found \(found.count) readings, expected \(expected.count)"
}
