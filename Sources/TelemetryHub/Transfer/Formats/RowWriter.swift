import DeviceManagement
import TelemetryQuery
import TimeSeriesStorage

/// Writes readings, series by series.
///
/// CSV has a column for the kind of the value, so that the text "true" comes back as a text. In JSON a string is a
/// text; what JSON has no number for is a string with `"kind":"number"` beside it.
struct RowWriter: Sendable {
  static let csvHeader = "time,device,metric,kind,value\n"

  private let format: TransferFormat
  /// What stands between a row's time and its value, the same for a whole series; in CSV without the kind.
  private var middle: [UInt8] = []

  /// - Parameter format: one of `TransferFormat.written`.
  init(_ format: TransferFormat) {
    precondition(TransferFormat.written.contains(format), "BUG: a format that is only read")
    self.format = format
  }

  func appendHeader(to bytes: inout [UInt8]) {
    if format == .csv { bytes.append(contentsOf: Self.csvHeader.utf8) }
  }

  /// The rows that follow are of this series.
  mutating func begin(device: String, metric: String) {
    middle.removeAll(keepingCapacity: true)
    if format == .csv {
      middle.append(UInt8(ascii: ","))
      CSVField.append(device, to: &middle)
      middle.append(UInt8(ascii: ","))
      CSVField.append(metric, to: &middle)
    } else {
      middle.append(contentsOf: "\",\"device\":".utf8)
      JSONValue.encode(device, into: &middle)
      middle.append(contentsOf: ",\"metric\":".utf8)
      JSONValue.encode(metric, into: &middle)
    }
  }

  /// - Parameter time: Unix milliseconds.
  func append(time: Int64, value: Value, to bytes: inout [UInt8]) {
    if format == .csv {
      RFC3339.append(time, to: &bytes)
      bytes.append(contentsOf: middle)
      appendCSV(value, to: &bytes)
    } else {
      bytes.append(contentsOf: "{\"time\":\"".utf8)
      RFC3339.append(time, to: &bytes)
      bytes.append(contentsOf: middle)
      appendJSON(value, to: &bytes)
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(0x0A)
  }

  private func appendCSV(_ value: Value, to bytes: inout [UInt8]) {
    switch value {
    case .number(let number):
      bytes.append(contentsOf: ",number,".utf8)
      NumberText.append(number, to: &bytes)
    case .boolean(let boolean): bytes.append(contentsOf: (boolean ? ",boolean,true" : ",boolean,false").utf8)
    case .text(let text):
      bytes.append(contentsOf: ",text,".utf8)
      CSVField.append(text, to: &bytes)
    }
  }

  private func appendJSON(_ value: Value, to bytes: inout [UInt8]) {
    switch value {
    case .number(let number):
      bytes.append(contentsOf: (number.isFinite ? ",\"value\":" : ",\"kind\":\"number\",\"value\":\"").utf8)
      NumberText.append(number, to: &bytes)
      if !number.isFinite { bytes.append(UInt8(ascii: "\"")) }
    case .boolean(let boolean):
      bytes.append(contentsOf: (boolean ? ",\"value\":true" : ",\"value\":false").utf8)
    case .text(let text):
      bytes.append(contentsOf: ",\"value\":".utf8)
      JSONValue.encode(text, into: &bytes)
    }
  }
}
