import TimeSeriesStorage

/// Metric names as other systems write them.
enum MetricText {
  /// The name with runs of characters that a metric may not have as one `_`, as telemetry's JSON keys are treated.
  static func sanitized(_ name: String) -> String {
    guard !MetricName.isValid(name) else { return name }
    var bytes: [UInt8] = []
    var isInRun = false
    for scalar in name.unicodeScalars {
      let isForbidden =
        scalar.value < 0x80
        ? MetricName.isForbidden(UInt8(truncatingIfNeeded: scalar.value)) : scalar.value <= 0x9F
      if isForbidden {
        if !isInRun { bytes.append(UInt8(ascii: "_")) }
      } else {
        bytes.append(contentsOf: Character(scalar).utf8)
      }
      isInRun = isForbidden
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
