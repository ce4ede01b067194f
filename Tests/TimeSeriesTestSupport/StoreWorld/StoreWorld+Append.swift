import TimeSeriesStorage

extension StoreWorld {
  /// Batches of any series, times near its newest, and before.
  mutating func append(_ random: inout SeededGenerator) {
    let largest = [3, 30, 120].randomElement(using: &random) ?? 1
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      var entries: [(series: Int, reading: Reading)] = []
      for _ in 0..<Int.random(in: 1...largest, using: &random) {
        let pick = Int.random(in: 0..<series.count, using: &random)
        entries.append((pick, Reading(time: time(pick, &random), value: value(&random))))
      }
      append(entries)
    }
  }

  /// A busy series: enough for chunks.
  mutating func appendInOrder(_ random: inout SeededGenerator) {
    let pick = Int.random(in: 0..<series.count, using: &random)
    let step = Int64.random(in: 1...10, using: &random)
    let isBoolean = Int.random(in: 0..<4, using: &random) == 0
    append(
      (0..<Int.random(in: 200...600, using: &random)).map { number in
        clocks[pick] += step
        let value: Value = isBoolean ? .boolean(number % 3 == 0) : .number(Double(number % 30) / 10)
        return (pick, Reading(time: clocks[pick], value: value))
      })
  }

  /// History that is sent again, or that comes for the first time: backwards, in any order, between what there is.
  mutating func appendOverHistory(_ random: inout SeededGenerator) {
    let pick = Int.random(in: 0..<series.count, using: &random)
    let from = clocks[pick] - Int64.random(in: 1...3_000, using: &random)
    let step = Int64.random(in: 1...12, using: &random)
    var times = (0..<Int64.random(in: 10...200, using: &random)).map { from + $0 * step }
    if Bool.random(using: &random) { times.reverse() } else { times.shuffle(using: &random) }
    append(times.map { (pick, Reading(time: $0, value: value(&random))) })
  }

  /// Readings that take the time of receipt, each a millisecond of its own.
  mutating func appendWithoutTimes(_ random: inout SeededGenerator) {
    let pick = Int.random(in: 0..<series.count, using: &random)
    var batch = ReadingBatch()
    let values = (0..<Int.random(in: 1...40, using: &random)).map { _ in value(&random) }
    for value in values { batch.add(series[pick], now, value, assignsUniqueTime: true) }
    let outcome = store.append(&batch, receivedAt: now)
    var logged = LoggedBatch(receivedAt: now)
    for (pending, value) in zip(batch.readings, values) {
      let reading = Reading(time: pending.time, value: value)
      // What memory does not reach is not looked at.
      if isAllInMemory, models[pick].has(reading.time) { fault = "\(reading.time) was assigned, and is taken" }
      models[pick].add(reading)
      logged.entries.append((pick, reading))
      clocks[pick] = max(clocks[pick], reading.time)
    }
    log[log.count - 1].append(logged)
    noteEvictions(outcome)
  }

  /// What the store refuses and counts; nothing else comes of it.
  mutating func appendWhatIsInvalid(_ random: inout SeededGenerator) {
    var batch = ReadingBatch()
    batch.add(SeriesID(rawValue: .max), now, .number(1))
    batch.add(series[0], now + 100_000, .text(String(repeating: "x", count: limits.maximumTextBytes + 1)))
    batch.readings.append(
      PendingReading(series: series[0], time: now + 100_000, kind: .text, bits: .max, assignsUniqueTime: false))
    let before = store.statistics
    let outcome = store.append(&batch, receivedAt: now)
    if outcome.refusedAsInvalid != 3 || outcome.stored + outcome.replaced != 0
      || store.statistics.readingsAppendedTotal != before.readingsAppendedTotal
    {
      fault = "an invalid reading was taken: \(outcome)"
    }
    noteEvictions(outcome)
  }

  private mutating func append(_ entries: [(series: Int, reading: Reading)]) {
    var batch = ReadingBatch()
    for (pick, reading) in entries { batch.add(series[pick], reading.time, reading.value) }
    let outcome = store.append(&batch, receivedAt: now)
    let (oldest, overflow) = now.subtractingReportingOverflow(limits.rawRetention)
    for (pick, reading) in entries where overflow || reading.time >= oldest { models[pick].add(reading) }
    log[log.count - 1].append(LoggedBatch(receivedAt: now, entries: entries))
    noteEvictions(outcome)
    now = max(now, clocks.max() ?? now)
  }

  /// Without an archive anything may have gone where something went, but for what `latest` says.
  private mutating func noteEvictions(_ outcome: AppendOutcome) {
    guard archive == nil, outcome.evicted > 0 else { return }
    for number in models.indices { models[number].doubtAll() }
  }

  private mutating func time(_ pick: Int, _ random: inout SeededGenerator) -> Int64 {
    switch Int.random(in: 0..<200, using: &random) {
    case 0..<10: return clocks[pick] - Int64.random(in: 0...2_000, using: &random)
    case 10..<20: return clocks[pick] - Int64.random(in: 0...20, using: &random)
    case 20..<30: return models[pick].anyTime(&random) ?? 0
    case 30: return [.min, .min + 1, 0, -1].randomElement(using: &random) ?? 0
    default:
      clocks[pick] += Int64.random(in: 1...4, using: &random)
      return clocks[pick]
    }
  }

  private func value(_ random: inout SeededGenerator) -> Value {
    switch Int.random(in: 0..<60, using: &random) {
    case 0: .boolean(.random(using: &random))
    case 1: .text("text \(Int.random(in: 0..<5, using: &random)), longer than fifteen bytes")
    case 2: .text(String(repeating: "ö", count: Int.random(in: 0...128, using: &random)))
    case 3:
      .number(
        [-0.0, .nan, -.nan, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude][
          Int(random.next() % 7)])
    case 4: .number(Double(bitPattern: random.next()))
    default: .number(Double(Int.random(in: 0..<1_000, using: &random)) / 10)
    }
  }
}
