/// `temperature.{name}`: one thermal zone or one hwmon input, in degrees Celsius.
package struct TemperatureSensor: Sensor {
  package let name: String
  package let metrics: [Metric]
  private let files: SystemFiles
  private let path: String

  /// - Parameters:
  ///   - path: a file of thousandths of a degree.
  ///   - label: what is measured there.
  package init(files: SystemFiles, path: String, label: String) {
    self.files = files
    self.path = path
    name = "temperature \(label)"
    metrics = [Metric("temperature.\(label)", unit: "°C")]
  }

  package mutating func read(at moment: Moment) throws -> [MetricReading] {
    let thousandths = try files.integer(path)
    // Absolute zero, and what no board survives: beyond these a driver reports an error as a number.
    guard thousandths > -273_150, thousandths < 1_000_000 else {
      throw SensorError.outOfRange("\(thousandths) thousandths of a degree in \(path)")
    }
    return [MetricReading(metrics[0].name, .number(Double(thousandths) / 1000))]
  }
}
