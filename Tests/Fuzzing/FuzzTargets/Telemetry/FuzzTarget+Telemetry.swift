extension FuzzTarget {
  /// The input is a telemetry message in JSON; with a `V` before it, a metric's topic levels, a line feed and what was
  /// published there.
  package static let telemetry = FuzzTarget(name: "Telemetry", maximumInputBytes: 1_024) {
    input throws(FuzzFinding) in
    guard input.first == UInt8(ascii: "V") else {
      try TelemetryProperties.check(Array(input), metricLevels: nil)
      return
    }
    let rest = input.dropFirst()
    let levels = Array(rest.prefix { $0 != UInt8(ascii: "\n") })
    try TelemetryProperties.check(Array(rest.dropFirst(levels.count + 1)), metricLevels: levels)
  }
}
