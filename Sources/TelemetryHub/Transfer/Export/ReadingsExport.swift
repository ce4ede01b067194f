import HTTPAPI
import TelemetryQuery
import TimeSeriesStorage

/// Readings as the bytes of a file.
struct ReadingsExport: ByteSource {
  private var reader: ExportReader
  private var writer: RowWriter
  private var hasBegun = false
  private var isInSeries = false
  let contentType: String
  var byteCount: Int64? { nil }

  init(_ reader: ExportReader, format: TransferFormat) {
    self.reader = reader
    writer = RowWriter(format)
    contentType = format.contentType
  }

  mutating func produce(into bytes: inout [UInt8], target: Int) throws -> Bool {
    if !hasBegun {
      hasBegun = true
      writer.appendHeader(to: &bytes)
    }
    while bytes.count < target {
      if isInSeries, let reading = try reader.next() {
        writer.append(time: reading.time, value: reading.value, to: &bytes)
      } else if let series = reader.nextSeries() {
        isInSeries = true
        writer.begin(device: series.device, metric: series.metric)
      } else {
        return false
      }
    }
    return true
  }
}
