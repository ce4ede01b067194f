import TimeSeriesStorage

extension StoreWorld {
  /// A reader that holds what it read while the store goes on.
  mutating func hold(_ random: inout SeededGenerator) throws {
    guard held.count < 4 else { return }
    let id = series[Int.random(in: 0..<series.count, using: &random)]
    let snapshot = try store.snapshot(of: id, from: .min, to: .max)
    held.append((snapshot, Array(snapshot)))
  }

  /// Counters that do not agree with one another.
  func accountsProblem() -> String? {
    let statistics = store.statistics
    let came = statistics.readingsAppendedTotal + statistics.restoredTotal
    let isRight =
      statistics.unpersistedBytes == store.unpersistedBytes && statistics.unpersistedBytes >= 0
      && statistics.ringBytes == statistics.chunkBytes + statistics.rawBytes
      && statistics.unpersistedBytes <= statistics.ringBytes && statistics.overlayReadings >= 0
      && came == statistics.readingsStored + statistics.evictedTotal + statistics.replacedTotal
      && (archive != nil || statistics.ringBytes <= limits.memoryBytes)
    return isRight ? nil : "accounts: \(statistics)"
  }

  /// What is wrong with the answers to some questions about one series.
  func problem(_ random: inout SeededGenerator) throws -> String? {
    let pick = Int.random(in: 0..<series.count, using: &random)
    if let problem = models[pick].problem(withLatest: store.latest(series[pick])?.reading) { return problem }
    let (from, to) = range(pick, &random)
    let snapshot = try store.snapshot(of: series[pick], from: from, to: to)
    let readings = Array(snapshot)
    guard snapshot.count == readings.count else { return "a snapshot of \(snapshot.count) has \(readings.count)" }
    if let problem = models[pick].problem(with: readings, in: from..<to) { return problem }
    for part in snapshot.parts { if let problem = try Self.problem(withSummaryOf: part) { return problem } }
    guard Int.random(in: 0..<3, using: &random) == 0 else { return nil }
    return try problemInParts(pick, from, to, readings, maximumReadings: Int.random(in: 50...1_000, using: &random))
  }

  private func range(_ pick: Int, _ random: inout SeededGenerator) -> (from: Int64, to: Int64) {
    if Int.random(in: 0..<12, using: &random) == 0 { return (.min, .max) }
    let from = clocks[pick] - Int64.random(in: -10...4_000, using: &random)
    return (from, from + Int64.random(in: 0...2_000, using: &random))
  }

  /// The same as who wants to hold little reads it.
  private func problemInParts(
    _ pick: Int, _ from: Int64, _ to: Int64, _ readings: [Reading], maximumReadings: Int
  ) throws -> String? {
    var parts: [Reading] = []
    var next: Int64? = from
    while let start = next {
      let part = try store.snapshot(of: series[pick], from: start, to: to, maximumReadings: maximumReadings)
      parts += Array(part)
      next = part.resumeTime
      if let next, next <= start { return "a part at \(start) ends at \(next)" }
    }
    return difference(parts, readings).map { "in parts of \(maximumReadings): " + $0 }
  }

  /// What a window takes from a chunk without decoding it is what decoding says.
  private static func problem(withSummaryOf part: SnapshotPart) throws -> String? {
    let columns = try part.columns()
    let times = (0..<columns.count).map { columns.time(at: $0) }
    guard part.count == columns.count, part.firstTime == times.first, part.lastTime == times.last else {
      return "a part of \(part.count) from \(part.firstTime) to \(part.lastTime) has other readings"
    }
    guard let summary = part.summary else { return nil }
    let values: [Double] = (0..<columns.count).compactMap { position in
      switch columns.value(at: position) {
      case .number(let number): number.isNaN ? nil : number
      case .boolean(let boolean): boolean ? 1 : 0
      case .text: nil
      }
    }
    guard summary.count == part.count, summary.firstTime == part.firstTime, summary.lastTime == part.lastTime,
      summary.minimum == values.min(), summary.maximum == values.max()
    else { return "\(summary) of values from \(values.min() ?? .nan) to \(values.max() ?? .nan)" }
    return nil
  }
}
