/// How lines of InfluxDB are understood.
struct InfluxOptions: Sendable {
  /// The unit of the lines' times.
  enum Precision: String, CaseIterable, Sendable {
    case ns, us, ms, s

    /// Unix milliseconds, rounded towards the past; nil where they are out of range.
    func milliseconds(_ number: Int64) -> Int64? {
      switch self {
      case .ns: number.floored(by: 1_000_000)
      case .us: number.floored(by: 1_000)
      case .ms: number
      case .s:
        number.multipliedReportingOverflow(by: 1_000).overflow ? nil : number * 1_000
      }
    }
  }

  var precision = Precision.ns
  /// Tags that may name the device: the first of them that a line has does.
  var deviceTags = ["device", "host"]
  /// Tags whose values stand between the measurement and the field in a metric's name, in this order.
  var metricTags: [String] = []
}

extension Int64 {
  fileprivate func floored(by unit: Int64) -> Int64 {
    self / unit - (self % unit < 0 ? 1 : 0)
  }
}
