import TelemetryQuery
import TimeSeriesStorage

extension TimeSeriesStore {
  /// A store that keeps readings of any age.
  static func keepingAll() -> TimeSeriesStore { TimeSeriesStore(limits: StorageLimits(rawRetention: .max)) }

  func put(_ device: String, _ metric: String, _ readings: [Reading]) throws {
    var batch = ReadingBatch()
    let series = try series(of: self.device(named: device), metric: metric)
    for reading in readings {
      let (kind, bits): (PendingReading.Kind, UInt64) =
        switch reading.value {
        case .number(let number): (.number, number.bitPattern)
        case .boolean(let boolean): (.boolean, boolean ? 1 : 0)
        case .text: (.text, UInt64(batch.texts.count))
        }
      if case .text(let text) = reading.value { batch.texts.append(text) }
      batch.readings.append(
        PendingReading(series: series, time: reading.time, kind: kind, bits: bits, assignsUniqueTime: false))
    }
    _ = append(&batch, receivedAt: 0)
  }

  func rows(_ query: ReadingsQuery) throws -> (rows: [ReadingsRow], cursor: QueryCursor?) {
    var reader = try ReadingsReader(query, store: self)
    var rows: [ReadingsRow] = []
    while let row = try reader.next() { rows.append(row) }
    return (rows, reader.cursor)
  }
}

extension ReadingsParameters {
  static func with(_ fill: (inout ReadingsParameters) -> Void) -> ReadingsParameters {
    var parameters = ReadingsParameters()
    fill(&parameters)
    return parameters
  }
}
