/// Writes chunks (docs/chunk-format.md).
enum ChunkEncoder {
  /// At least one reading, at most `ChunkHeader.maximumCount`. Of texts and mixed values, `table` says what the values of
  /// the columns stand for.
  static func encode(_ columns: ChunkColumns, kind: ColumnKind, table: ChunkTable? = nil) -> [UInt8] {
    precondition((1...ChunkHeader.maximumCount).contains(columns.count), "BUG: a chunk of no or too many readings")
    let values = PreparedValues.best(of: columns.values)
    let steps = steps(of: columns.times)
    let streams = Streams(values: values, steps: steps)
    let header = ChunkHeader(
      kind: kind, summary: summary(of: columns), first: values.first,
      firstCorrection: values.corrections.first ?? 0, code: values.code, isCorrected: !values.corrections.isEmpty,
      stepCode: streams.steps.withUnsafeBufferPointer { RiceCode.best(for: $0).code },
      differenceCode: streams.differences.withUnsafeBufferPointer { RiceCode.best(for: $0).code },
      correctionCode: streams.corrections.withUnsafeBufferPointer { RiceCode.best(for: $0).code })
    var bytes: [UInt8] = []
    bytes.reserveCapacity(64 + columns.count * 2)
    header.write(to: &bytes)
    table?.write(to: &bytes, kind: kind)
    var writer = BitWriter(after: bytes)
    streams.write(header, to: &writer)
    return writer.finish()
  }

  /// How much each step of time differs from the one before, beginning with the second reading.
  private static func steps(of times: UnsafeBufferPointer<Int64>) -> [UInt64] {
    var steps: [UInt64] = []
    steps.reserveCapacity(times.count)
    var formerStep: Int64 = 0
    for place in times.indices.dropFirst() {
      let step = times[place] &- times[place - 1]
      steps.append(ZigZag.encode(step &- formerStep))
      formerStep = step
    }
    return steps
  }

  private static func summary(of columns: ChunkColumns) -> ChunkSummary {
    var summary = ChunkSummary(
      count: columns.count, firstTime: columns.times[0], lastTime: columns.times[columns.count - 1],
      minimum: nil, maximum: nil, sum: 0)
    var minimum = Double.infinity
    var maximum = -Double.infinity
    var sum = CompensatedSum()
    for bits in columns.values {
      let value = Double(bitPattern: bits)
      if value < minimum { minimum = value }
      if value > maximum { maximum = value }
      sum.add(value)
    }
    if minimum <= maximum {
      summary.minimum = minimum
      summary.maximum = maximum
    }
    summary.sum = sum.total
    return summary
  }

  /// What stands in the bits behind the header: for each reading but the first which of the streams has something.
  private struct Streams {
    private enum Token: UInt8 { case same, value, step }
    private var tokens: [Token] = []
    private(set) var steps: [UInt64] = []
    private(set) var differences: [UInt64] = []
    private(set) var corrections: [UInt64] = []

    init(values: PreparedValues, steps all: [UInt64]) {
      tokens.reserveCapacity(all.count)
      differences.reserveCapacity(all.count)
      let isCorrected = !values.corrections.isEmpty
      for place in all.indices {
        let difference = values.differences[place]
        let isSame = difference == 0 && (!isCorrected || values.corrections[place] == values.corrections[place + 1])
        if all[place] == 0, isSame {
          tokens.append(.same)
          continue
        }
        tokens.append(all[place] == 0 ? .value : .step)
        if all[place] != 0 { steps.append(all[place] - 1) }
        // Uncorrected, a new value at the usual step differs.
        differences.append(all[place] == 0 && !isCorrected ? difference - 1 : difference)
        if isCorrected { corrections.append(values.corrections[place + 1]) }
      }
    }

    func write(_ header: ChunkHeader, to writer: inout BitWriter) {
      var step = 0
      var value = 0
      for token in tokens {
        switch token {
        case .same:
          writer.write(1, count: 1)
          continue
        case .value:
          writer.write(0b01, count: 2)
        case .step:
          writer.write(0b00, count: 2)
          header.stepCode.write(steps[step], to: &writer)
          step += 1
        }
        header.differenceCode.write(differences[value], to: &writer)
        if header.isCorrected { header.correctionCode.write(corrections[value], to: &writer) }
        value += 1
      }
    }
  }
}
