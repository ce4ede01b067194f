/// `uptime`: seconds since the machine started.
package struct UptimeSensor: Sensor {
  package let name = "uptime"
  package let metrics = [Metric("uptime", unit: "s")]
  private let files: SystemFiles

  package init(files: SystemFiles) { self.files = files }

  package mutating func read(at moment: Moment) throws -> [MetricReading] {
    let path = "/proc/uptime"
    let line = try files.line(path)
    guard let seconds = line.split(separator: " ").first.flatMap({ Double($0) }), seconds.isFinite, seconds >= 0 else {
      throw SensorError.unexpected(path: path, content: line)
    }
    return [MetricReading("uptime", .number(seconds))]
  }
}
