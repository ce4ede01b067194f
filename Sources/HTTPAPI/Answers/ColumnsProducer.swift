import DeviceManagement
import TelemetryQuery
import TimeSeriesStorage

/// Readings as one object a series, its times (Unix milliseconds) and values each an array.
///
/// It holds all of the answer's rows, not as text: `HTTPLimits.maximumColumnRows` bounds them.
struct ColumnsProducer: BodyProducer {
  private enum Phase {
    case beginning, times, values
  }

  /// Rows that are written in one go.
  private static let rowsAtOnce = 256

  private let series: [SelectedSeries]
  private let runs: [ReadingsRun]
  /// Once the rows were read: where the answer was cut, nil where it was not.
  let cursor: QueryCursor?
  private var hasBegun = false
  /// The first run of the series that is being written.
  private var first = 0
  private var phase = Phase.beginning
  private var run = 0
  private var position = 0
  private var times = TimeColumnWriter()
  private var likelyDecimals = 0

  init(_ reader: ReadingsReader) throws(ArchiveError) {
    var reader = reader
    var runs: [ReadingsRun] = []
    while let run = try reader.nextRun() { runs.append(run) }
    self.runs = runs
    series = reader.series
    cursor = reader.cursor
  }

  /// A time is 14 bytes, a value about as many, with their commas.
  var likelyBytes: Int {
    runs.reduce(0) { $0 + $1.columns.count } * 28 + Self.rowsAtOnce * DecimalText.maximumBytes
  }

  mutating func produce(into json: inout JSONWriter, target: Int) -> Bool {
    if !hasBegun {
      hasBegun = true
      json.literal("[")
    }
    while json.count < target {
      guard first < runs.count else {
        json.literal("]\n")
        return false
      }
      switch phase {
      case .beginning: begin(&json)
      case .times: writeTimes(&json)
      case .values: writeValues(&json)
      }
    }
    return true
  }

  private mutating func begin(_ json: inout JSONWriter) {
    if first > 0 { json.literal(",\n") }
    let selected = series[runs[first].series]
    json.literal("{\"device\":")
    json.string(selected.device)
    json.key("metric")
    json.string(selected.metric)
    json.literal(",\"time\":[")
    phase = .times
    run = first
    position = 0
  }

  private mutating func writeTimes(_ json: inout JSONWriter) {
    let columns = runs[run].columns
    let rows = position..<min(position + Self.rowsAtOnce, columns.count)
    let isFirst = run == first && position == 0
    columns.withTimes(rows) { times.write($0, isFirst: isFirst, to: &json) }
    guard goOn(to: rows.upperBound) else { return }
    json.literal("],\"value\":[")
    phase = .values
    run = first
    position = 0
  }

  private mutating func writeValues(_ json: inout JSONWriter) {
    let columns = runs[run].columns
    let rows = position..<min(position + Self.rowsAtOnce, columns.count)
    let isFirst = run == first && position == 0
    var decimals = likelyDecimals
    let isWritten = columns.withNumbers(rows) { patterns in
      json.withRoom(rows.count * (DecimalText.maximumBytes + 1)) { bytes in
        Self.write(patterns, to: bytes, isFirst: isFirst, &decimals)
      }
    }
    likelyDecimals = decimals
    if !isWritten {
      for row in rows {
        if row > rows.lowerBound || !isFirst { json.literal(",") }
        json.value(columns.value(at: row))
      }
    }
    guard goOn(to: rows.upperBound) else { return }
    json.literal("]}")
    phase = .beginning
    first = run
  }

  private static func write(
    _ patterns: UnsafeBufferPointer<UInt64>, to bytes: UnsafeMutableRawPointer, isFirst: Bool,
    _ likelyDecimals: inout Int
  ) -> Int {
    var end = bytes
    var decimals = likelyDecimals
    for (index, pattern) in patterns.enumerated() {
      if index > 0 || !isFirst {
        end.storeBytes(of: UInt8(ascii: ","), as: UInt8.self)
        end += 1
      }
      end += JSONWriter.write(Double(bitPattern: pattern), to: end, likelyDecimals: &decimals)
    }
    likelyDecimals = decimals
    return end - bytes
  }

  /// Goes on behind the rows that were written; whether they were the last of their series.
  private mutating func goOn(to position: Int) -> Bool {
    self.position = position
    guard position == runs[run].columns.count else { return false }
    run += 1
    self.position = 0
    return run == runs.count || runs[run].series != runs[first].series
  }
}
