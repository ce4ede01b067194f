import TimeSeriesStorage

/// Reads comma-separated values whose first line names the columns `time`, `device`, `metric`, `value` and, where there
/// is one, `kind`, in any order. Further columns are left alone.
///
/// Without a kind a quoted value is a text, and one without quotes a number or boolean where it looks like one.
struct CSVRowReader: RowReader {
  static let quotesLineFeeds = true

  private struct Columns {
    var time: Int
    var device: Int
    var metric: Int
    var value: Int
    var kind: Int?
    var count: Int
  }

  private var columns: Columns?

  mutating func read(_ line: [UInt8], into rows: inout [TransferRow]) throws(RowFault) {
    guard !line.isEmpty else { return }
    guard let columns else {
      self.columns = try header(line)
      return
    }
    let fields = try CSVField.split(line)
    guard fields.count == columns.count else {
      throw RowFault("\(fields.count) fields, where the first line has \(columns.count)")
    }
    rows.append(
      TransferRow(
        time: try TimeText.parse(fields[columns.time].text), device: fields[columns.device].text,
        metric: fields[columns.metric].text,
        value: try value(fields[columns.value], kind: columns.kind.map { fields[$0].text })))
  }

  private func header(_ line: [UInt8]) throws(RowFault) -> Columns {
    let names = ((try? CSVField.split(line.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(line.dropFirst(3)) : line)) ?? [])
      .map(\.text)
    func column(_ name: String) -> Int? { names.firstIndex(of: name) }
    guard let time = column("time"), let device = column("device"), let metric = column("metric"),
      let value = column("value")
    else {
      throw RowFault("the first line must name the columns time, device, metric and value", endsImport: true)
    }
    return Columns(
      time: time, device: device, metric: metric, value: value, kind: column("kind"), count: names.count)
  }

  private func value(_ field: (text: String, isQuoted: Bool), kind: String?) throws(RowFault) -> Value {
    switch kind {
    case "number":
      guard let number = NumberText.parse(field.text) else {
        throw RowFault("value is \(field.text.abbreviatedForMessage), allowed is a number")
      }
      return .number(number)
    case "boolean":
      guard field.text == "true" || field.text == "false" else {
        throw RowFault("value is \(field.text.abbreviatedForMessage), allowed is true or false")
      }
      return .boolean(field.text == "true")
    case "text": return .text(field.text)
    case .some(let other):
      throw RowFault("kind is \(other.abbreviatedForMessage), allowed is number, boolean or text")
    case nil: break
    }
    guard !field.isQuoted else { return .text(field.text) }
    if field.text == "true" || field.text == "false" { return .boolean(field.text == "true") }
    if let number = NumberText.parse(field.text) { return .number(number) }
    guard !field.text.isEmpty else { throw RowFault("no value") }
    return .text(field.text)
  }
}
