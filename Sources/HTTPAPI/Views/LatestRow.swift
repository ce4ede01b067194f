import TelemetryQuery
import TimeSeriesStorage

/// The newest reading of a series, with how far it can be trusted.
struct LatestRow: Sendable {
  /// How old the reading is against the interval of its series.
  enum Quality: String, Sendable {
    /// Within three intervals.
    case fresh
    /// Older than that.
    case late
    /// The interval is not known yet.
    case unknown
  }

  let series: SelectedSeries
  let latest: LatestReading
  let age: Int64
  let quality: Quality

  static let csvHeader = "time,device,metric,value,received,age_ms,quality"

  func encode(_ format: AnswerFormat, into json: inout JSONWriter) {
    guard format != .csv else {
      var bytes: [UInt8] = []
      RFC3339.append(latest.reading.time, to: &bytes)
      bytes.append(UInt8(ascii: ","))
      bytes.append(contentsOf: series.device.utf8)
      bytes.append(UInt8(ascii: ","))
      CSVText.append(series.metric, to: &bytes)
      bytes.append(UInt8(ascii: ","))
      CSVText.append(latest.reading.value, to: &bytes)
      bytes.append(UInt8(ascii: ","))
      RFC3339.append(latest.received, to: &bytes)
      bytes.append(contentsOf: ",\(age),\(quality.rawValue)".utf8)
      json.fragment(bytes)
      return
    }
    json.object { json in
      json.key("time")
      json.time(latest.reading.time)
      json.key("device")
      json.string(series.device)
      json.key("metric")
      json.string(series.metric)
      json.key("value")
      json.value(latest.reading.value)
      json.key("received")
      json.time(latest.received)
      json.key("age_ms")
      json.integer(age)
      json.key("quality")
      json.string(quality.rawValue)
    }
  }
}
