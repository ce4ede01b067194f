import TelemetryQuery
import TimeSeriesStorage

/// Readings as one object a series, its times (Unix milliseconds) and values each an array.
///
/// A series' values are kept while its times are written: `HTTPLimits.maximumColumnRows` bounds them.
struct ColumnsProducer: BodyProducer {
  private var reader: ReadingsReader
  private var pending: ReadingsRow?
  /// Of the series whose times are being written.
  private var collected: [Value] = []
  /// Of the series whose times have been written.
  private var values: [Value] = []
  private var nextValue = 0
  private var hasBegun = false
  private var series: Int?

  init(_ reader: ReadingsReader) { self.reader = reader }

  mutating func produce(into json: inout JSONWriter, target: Int) throws -> Bool {
    if !hasBegun {
      hasBegun = true
      json.fragment([UInt8(ascii: "[")])
      pending = try reader.next()
    }
    while json.bytes.count < target {
      if nextValue < values.count {
        writeValue(&json)
      } else if let row = pending {
        try writeTime(row, &json)
      } else {
        json.fragment([UInt8(ascii: "]"), 0x0A])
        return false
      }
    }
    return true
  }

  private mutating func writeTime(_ row: ReadingsRow, _ json: inout JSONWriter) throws {
    if series == row.series {
      json.fragment([UInt8(ascii: ",")])
    } else {
      if series != nil { json.fragment([UInt8(ascii: ","), 0x0A]) }
      series = row.series
      let selected = reader.series[row.series]
      json.fragment(Array("{\"device\":".utf8))
      json.string(selected.device)
      json.key("metric")
      json.string(selected.metric)
      json.fragment(Array(",\"time\":[".utf8))
    }
    json.withBytes { DecimalText.append(row.time, to: &$0) }
    collected.append(row.value)
    pending = try reader.next()
    guard pending?.series != row.series else { return }
    json.fragment(Array("],\"value\":[".utf8))
    swap(&values, &collected)
    collected.removeAll(keepingCapacity: true)
    nextValue = 0
  }

  private mutating func writeValue(_ json: inout JSONWriter) {
    if nextValue > 0 { json.fragment([UInt8(ascii: ",")]) }
    json.value(values[nextValue])
    nextValue += 1
    guard nextValue == values.count else { return }
    json.fragment(Array("]}".utf8))
    values.removeAll(keepingCapacity: true)
    nextValue = 0
  }
}
