internal import Glibc

/// `disk.free`, `disk.used`, `disk.used_percent`: the file system that holds a path.
package struct DiskSensor: Sensor {
  package let name: String
  package let metrics: [Metric]
  private let path: String
  private let prefix: String

  /// - Parameters:
  ///   - path: any path on the file system; the one under the root where a root is set.
  ///   - label: names the metrics of a second file system: `disk.data.free`.
  package init(files: SystemFiles, path: String = "/", label: String? = nil) {
    self.path = files.path(path)
    name = "file system of \(path)"
    prefix = label.map { "disk.\($0)" } ?? "disk"
    metrics = [
      Metric("\(prefix).free", unit: "B"), Metric("\(prefix).used", unit: "B"),
      Metric("\(prefix).used_percent", unit: "%"),
    ]
  }

  package mutating func read(at moment: Moment) throws -> [MetricReading] {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { throw SensorError.unreadable(path: path, code: errno) }
    let size = Double(status.f_frsize)
    let total = Double(status.f_blocks) * size
    let free = Double(status.f_bavail) * size
    let used = total - Double(status.f_bfree) * size
    // As df(1) counts: what is reserved for root is neither used nor free.
    guard used >= 0, free >= 0, used + free > 0, let whole = Int64(exactly: used), let rest = Int64(exactly: free)
    else {
      throw SensorError.outOfRange("the size of the file system of \(path)")
    }
    let percent = (used / (used + free) * 10_000).rounded() / 100
    return [
      MetricReading(metrics[0].name, .integer(rest)), MetricReading(metrics[1].name, .integer(whole)),
      MetricReading(metrics[2].name, .number(percent)),
    ]
  }
}
