import TimeSeriesStorage

@testable import TelemetryHub

/// Everything that a reader makes of a file, given in pieces: rows and faults, each with its line's number.
struct ReadFile {
  var rows: [TransferRow] = []
  var faults: [String] = []

  init(_ bytes: [UInt8], _ reader: some RowReader, pieces: [Int] = []) {
    var reader = reader
    var splitter = LineSplitter(quotesLineFeeds: type(of: reader).quotesLineFeeds)
    var rows: [TransferRow] = []
    var faults: [String] = []
    func take(_ number: Int, _ line: LineSplitter.Line) -> Bool {
      guard case .text(let text) = line else {
        faults.append("\(number): too long")
        return true
      }
      do throws(RowFault) {
        try reader.read(text, into: &rows)
      } catch {
        faults.append("\(number): \(error.reason)")
        return !error.endsImport
      }
      return true
    }
    var start = 0
    for end in pieces + [bytes.count] {
      let goesOn = bytes[start..<end].withUnsafeBytes { splitter.take($0, take) }
      guard goesOn else { break }
      start = end
    }
    if start == bytes.count { _ = splitter.finish(take) }
    self.rows = rows
    self.faults = faults
  }
}

/// Equality by bits: -0 is not 0, and a NaN is the NaN that it is.
struct ExactRow: Equatable, CustomStringConvertible {
  let row: TransferRow

  static func == (left: ExactRow, right: ExactRow) -> Bool {
    guard left.row.time == right.row.time, left.row.device == right.row.device,
      left.row.metric.utf8.elementsEqual(right.row.metric.utf8)
    else { return false }
    return switch (left.row.value, right.row.value) {
    case (.number(let left), .number(let right)): left.bitPattern == right.bitPattern
    case (.boolean(let left), .boolean(let right)): left == right
    case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
    default: false
    }
  }

  var description: String { "\(row)" }
}

/// Rows as a file.
func fileBytes(_ rows: [TransferRow], _ format: TransferFormat) -> [UInt8] {
  var bytes: [UInt8] = []
  var writer = RowWriter(format)
  writer.appendHeader(to: &bytes)
  for row in rows {
    writer.begin(device: row.device, metric: row.metric)
    writer.append(time: row.time ?? 0, value: row.value, to: &bytes)
  }
  return bytes
}
