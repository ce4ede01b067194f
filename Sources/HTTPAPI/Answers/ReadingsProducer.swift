import DeviceManagement
import TelemetryQuery
import TimeSeriesStorage

/// Rows of readings as an array, lines or comma-separated values.
struct ReadingsProducer: BodyProducer {
  private var reader: ReadingsReader
  private let format: AnswerFormat
  private let end: ReadingsEnd?
  private var series = -1
  /// What stands between a row's time and its value, the same for a whole series.
  private var middle: [UInt8] = []
  private var isFirst = true
  private var hasBegun = false

  init(_ reader: ReadingsReader, format: AnswerFormat, end: ReadingsEnd? = nil) {
    self.reader = reader
    self.format = format
    self.end = end
  }

  /// Once the answer is complete: where it was cut, nil where it was not.
  var cursor: QueryCursor? { reader.cursor }

  mutating func produce(into json: inout JSONWriter, target: Int) throws -> Bool {
    if !hasBegun {
      hasBegun = true
      if format == .json { json.literal("[") }
      if format == .csv { json.literal("time,device,metric,value\n") }
    }
    while json.count < target {
      guard let row = try reader.next(), end?.isReached(by: row) != true else {
        if format == .json { json.literal("]\n") }
        return false
      }
      if row.series != series { begin(row.series) }
      json.row(row, middle: middle, format: format, isFirst: isFirst)
      isFirst = false
    }
    return true
  }

  private mutating func begin(_ index: Int) {
    series = index
    let selected = reader.series[index]
    middle.removeAll(keepingCapacity: true)
    if format == .csv {
      middle.append(UInt8(ascii: ","))
      CSVText.append(selected.device, to: &middle)
      middle.append(UInt8(ascii: ","))
      CSVText.append(selected.metric, to: &middle)
      middle.append(UInt8(ascii: ","))
    } else {
      middle.append(contentsOf: "\",\"device\":".utf8)
      JSONValue.encode(selected.device, into: &middle)
      middle.append(contentsOf: ",\"metric\":".utf8)
      JSONValue.encode(selected.metric, into: &middle)
      middle.append(contentsOf: ",\"value\":".utf8)
    }
  }
}

extension JSONWriter {
  /// One row; written flat, since an answer may have a million.
  fileprivate mutating func row(_ row: ReadingsRow, middle: [UInt8], format: AnswerFormat, isFirst: Bool) {
    withBytes { bytes in
      if format == .csv {
        RFC3339.append(row.time, to: &bytes)
        bytes.append(contentsOf: middle)
        CSVText.append(row.value, to: &bytes)
        bytes.append(0x0A)
        return
      }
      if format == .json, !isFirst {
        bytes.append(UInt8(ascii: ","))
        bytes.append(0x0A)
      }
      bytes.append(contentsOf: "{\"time\":\"".utf8)
      RFC3339.append(row.time, to: &bytes)
      bytes.append(contentsOf: middle)
      switch row.value {
      case .number(let number):
        if number.isFinite {
          DecimalText.append(number, to: &bytes)
        } else {
          bytes.append(contentsOf: "null".utf8)
        }
      case .boolean(let boolean): bytes.append(contentsOf: (boolean ? "true" : "false").utf8)
      case .text(let text): JSONValue.encode(text, into: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
      if format == .ndjson { bytes.append(0x0A) }
    }
  }
}
