/// `load.1m`, `load.5m`, `load.15m`: processes that run or wait to run, averaged.
package struct LoadAverageSensor: Sensor {
  package let name = "load average"
  package let metrics = [Metric("load.1m"), Metric("load.5m"), Metric("load.15m")]
  private let files: SystemFiles

  package init(files: SystemFiles) { self.files = files }

  package mutating func read(at moment: Moment) throws -> [MetricReading] {
    let path = "/proc/loadavg"
    let line = try files.line(path)
    let values = line.split(separator: " ").prefix(3).compactMap { Double($0) }.filter { $0.isFinite && $0 >= 0 }
    guard values.count == 3 else { throw SensorError.unexpected(path: path, content: line) }
    return zip(metrics, values).map { MetricReading($0.name, .number($1)) }
  }
}
