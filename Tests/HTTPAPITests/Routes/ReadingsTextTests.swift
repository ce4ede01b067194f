import TelemetryQuery
import Testing
import TimeSeriesStorage

@testable import HTTPAPI

/// Answers are the same text however they are cut into pieces, and the text that rows have one by one.
@Suite struct ReadingsTextTests {
  private static let values: [Value] = [
    .number(21.5), .number(-0.0), .number(.nan), .number(.infinity), .number(0.1 + 0.2), .number(12_345_678_901),
    .boolean(true), .boolean(false), .text("a,\"b\"\n"), .text(""), .text("é"), .number(1e300), .number(-3.25),
  ]

  /// Series of numbers, of texts, of everything, longer than what is written at once.
  private func hub() throws -> TestHub {
    let hub = TestHub()
    try hub.fill("a", "n", count: 700) { Double($0) / 8 }
    try put(hub, "b", "é.m", count: 900) { Self.values[$0 % Self.values.count] }
    try put(hub, "c", "t", count: 600) { .text("\($0)") }
    try put(hub, "d", "one", count: 1) { _ in .text("x") }
    // Times of their own, the same as another's, and as far as some row.
    try put(hub, "e", "same", count: 600) { .number(Double($0)) }
    try put(hub, "f", "same", count: 600) { .number(-Double($0) / 3) }
    try put(hub, "g", "shorter", count: 599) { .number(Double($0)) }
    return hub
  }

  private func put(_ hub: TestHub, _ device: String, _ metric: String, count: Int, value: (Int) -> Value) throws {
    let series = try hub.store.series(of: hub.store.device(named: device), metric: metric)
    var batch = ReadingBatch()
    for index in 0..<count {
      let (kind, bits): (PendingReading.Kind, UInt64) =
        switch value(index) {
        case .number(let number): (.number, number.bitPattern)
        case .boolean(let boolean): (.boolean, boolean ? 1 : 0)
        case .text: (.text, UInt64(batch.texts.count))
        }
      if case .text(let text) = value(index) { batch.texts.append(text) }
      batch.readings.append(
        PendingReading(
          series: series, time: TestHub.start - Int64(count - index) * 777, kind: kind, bits: bits,
          assignsUniqueTime: false))
    }
    _ = hub.store.append(&batch, receivedAt: TestHub.start)
  }

  private func query() throws -> ReadingsQuery {
    try ReadingsQuery(
      selector: Selector(device: nil, metric: nil), from: TestHub.start - 3_600_000, to: TestHub.start, limit: 100_000)
  }

  @Test(arguments: [AnswerFormat.json, .ndjson, .csv, .columns], [1, 3_000, 1_000_000])
  func isWhatItsRowsAre(_ format: AnswerFormat, target: Int) throws {
    let hub = try hub()
    let reader = try ReadingsReader(try query(), store: hub.store)
    var single: [ReadingsRow] = []
    var other = reader
    while let row = try other.next() { single.append(row) }
    #expect(single.count == 4_000)

    if format == .columns {
      let isSame = try Self.text(ColumnsProducer(reader), target) == Self.columns(single, reader.series)
      #expect(isSame)
    } else {
      let isSame =
        try Self.text(ReadingsProducer(reader, format: format), target) == Self.rows(single, reader.series, format)
      #expect(isSame)
    }
  }

  private static func text(_ producer: some BodyProducer, _ target: Int) throws -> String {
    var producer = producer
    var json = JSONWriter()
    var text: [UInt8] = []
    var more = true
    while more {
      more = try producer.produce(into: &json, target: target)
      text += json.bytes
      json.removeAll()
    }
    return String(decoding: text, as: UTF8.self)
  }

  // MARK: The same, written slowly

  private static func json(_ value: Value) -> String {
    var json = JSONWriter()
    json.value(value)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private static func rows(_ rows: [ReadingsRow], _ series: [SelectedSeries], _ format: AnswerFormat) -> String {
    let lines = rows.map { row in
      let series = series[row.series]
      let time = RFC3339.string(row.time)
      guard format == .csv else {
        return
          "{\"time\":\"\(time)\",\"device\":\(json(.text(series.device))),\"metric\":\(json(.text(series.metric))),"
          + "\"value\":\(json(row.value))}"
      }
      var value: [UInt8] = []
      CSVText.append(row.value, to: &value)
      var metric: [UInt8] = []
      CSVText.append(series.metric, to: &metric)
      return
        "\(time),\(series.device),\(String(decoding: metric, as: UTF8.self)),\(String(decoding: value, as: UTF8.self))"
    }
    switch format {
    case .csv: return (["time,device,metric,value"] + lines).joined(separator: "\n") + "\n"
    case .ndjson: return lines.map { $0 + "\n" }.joined()
    case .json, .columns: return "[" + lines.joined(separator: ",\n") + "]\n"
    }
  }

  private static func columns(_ rows: [ReadingsRow], _ series: [SelectedSeries]) -> String {
    let objects = series.indices.map { index in
      let own = rows.filter { $0.series == index }
      return
        "{\"device\":\(json(.text(series[index].device))),\"metric\":\(json(.text(series[index].metric))),"
        + "\"time\":[\(own.map { "\($0.time)" }.joined(separator: ","))],"
        + "\"value\":[\(own.map { json($0.value) }.joined(separator: ","))]}"
    }
    return "[" + objects.joined(separator: ",\n") + "]\n"
  }
}
