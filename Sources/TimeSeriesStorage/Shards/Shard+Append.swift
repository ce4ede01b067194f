extension Shard {
  /// Appends the readings of a part of a batch, all of them of this shard's series.
  ///
  /// The loop's own path is the in-order number or boolean into a block with room; all else is in `placeSlowly`.
  ///
  /// - Parameter oldest: readings before this time are refused.
  mutating func append(_ part: BatchPart, receivedAt: Int64, oldest: Int64) -> AppendOutcome {
    var outcome = AppendOutcome()
    let readings = part.readings
    let table = series.base
    let seriesCount = series.count
    var fast = 0
    for index in part.range {
      let position = part.positions.map { $0[index] } ?? index
      let reading = readings[position]
      let number = ShardNumbering.number(of: reading.series.rawValue)
      guard number < seriesCount else {
        outcome.refusedAsInvalid += 1
        counters.invalid += 1
        continue
      }
      let series = table + number
      let count = Int(series.pointee.openCount)
      let capacity = Int(series.pointee.openCapacity)
      if reading.kind.rawValue == series.pointee.openKind, reading.time > series.pointee.lastTime, count < capacity,
        reading.time >= oldest
      {
        let columns = series.pointee.openColumns
        let bits = reading.kind == .number ? reading.bits : (reading.bits == 0 ? 0 : 1)
        columns.storeBytes(of: reading.time, toByteOffset: count * 8, as: Int64.self)
        columns.storeBytes(of: bits, toByteOffset: (capacity + count) * 8, as: UInt64.self)
        series.pointee.openCount = Int32(truncatingIfNeeded: count + 1)
        series.pointee.lastTime = reading.time
        series.pointee.received = receivedAt
        fast += 1
      } else {
        readings[position].time = placeSlowly(
          reading, series: number, texts: part.texts, oldest: oldest, receivedAt: receivedAt, outcome: &outcome)
      }
    }
    outcome.stored += fast
    counters.appended += fast
    counters.readingsStored += fast
    return outcome
  }

  /// Places any reading; gives back its final time.
  @inline(never)
  private mutating func placeSlowly(
    _ reading: PendingReading, series number: Int, texts: [String], oldest: Int64, receivedAt: Int64,
    outcome: inout AppendOutcome
  ) -> Int64 {
    guard reading.time >= oldest else {
      outcome.refusedAsTooOld += 1
      counters.tooOld += 1
      return reading.time
    }
    let time = reading.assignsUniqueTime ? series[number].uniqueTime(from: reading.time) : reading.time
    guard let stored = stored(reading, time: time, texts: texts) else {
      outcome.refusedAsInvalid += 1
      counters.invalid += 1
      return reading.time
    }
    while unsealed.count >= limits.maximumUnsealedBlocks, resealOne() != nil {}
    var editor = BlockEditor()
    let sealedBefore = series[number].sealed.count
    let placement = series[number].place(stored, number: number, editor: &editor, unsealed: &unsealed)
    if series[number].sealed.count != sealedBefore {
      let evicted = series[number].evict(
        before: oldest, isArchived: isArchived, editor: &editor, unsealed: &unsealed)
      counters.evicted += evicted
      counters.readingsStored -= evicted
      outcome.evicted += evicted
    }
    book(editor, series: number)
    if time == series[number].lastTime { series[number].received = receivedAt }
    count(placement, outcome: &outcome)
    return time
  }

  private func stored(_ reading: PendingReading, time: Int64, texts: [String]) -> StoredReading? {
    switch reading.kind {
    case .number: return StoredReading(time: time, bits: reading.bits, kind: .number)
    case .boolean: return StoredReading(time: time, bits: reading.bits == 0 ? 0 : 1, kind: .boolean)
    case .text:
      guard let index = Int(exactly: reading.bits), index < texts.count else { return nil }
      guard texts[index].utf8.count <= limits.maximumTextBytes else { return nil }
      return StoredReading(time: time, text: texts[index])
    }
  }

  private mutating func count(_ placement: Placement, outcome: inout AppendOutcome) {
    counters.appended += 1
    switch placement {
    case .appended:
      outcome.stored += 1
      counters.readingsStored += 1
    case .inserted:
      outcome.stored += 1
      outcome.late += 1
      counters.readingsStored += 1
      counters.late += 1
    case .replaced:
      outcome.replaced += 1
      counters.replaced += 1
    }
  }
}
