/// `memory.available`, `memory.used`, `memory.used_percent`, `swap.used`: main memory.
package struct MemorySensor: Sensor {
  package let name = "memory"
  package let metrics = [
    Metric("memory.available", unit: "B"), Metric("memory.used", unit: "B"), Metric("memory.used_percent", unit: "%"),
    Metric("swap.used", unit: "B"),
  ]
  private let files: SystemFiles

  package init(files: SystemFiles) { self.files = files }

  package mutating func read(at moment: Moment) throws -> [MetricReading] {
    let path = "/proc/meminfo"
    let text = try files.text(path)
    var bytes: [Substring: Int64] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(whereSeparator: { $0 == " " || $0 == ":" })
      guard fields.count == 3, fields[2] == "kB", let kibibytes = Int64(fields[1]), kibibytes >= 0 else { continue }
      let (product, overflow) = kibibytes.multipliedReportingOverflow(by: 1024)
      if !overflow { bytes[fields[0]] = product }
    }
    // MemAvailable is the kernel's own estimate of what new programs could get; there since Linux 3.14.
    guard let total = bytes["MemTotal"], let available = bytes["MemAvailable"], total > 0, available <= total else {
      throw SensorError.unexpected(path: path, content: String(text.prefix { $0 != "\n" }))
    }
    let used = total - available
    let percent = (Double(used) / Double(total) * 10_000).rounded() / 100
    var readings = [
      MetricReading("memory.available", .integer(available)), MetricReading("memory.used", .integer(used)),
      MetricReading("memory.used_percent", .number(percent)),
    ]
    if let swap = bytes["SwapTotal"], let free = bytes["SwapFree"], free <= swap {
      readings.append(MetricReading("swap.used", .integer(swap - free)))
    }
    return readings
  }
}
