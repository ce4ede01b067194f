/// `cpu.load`: the share of time that all processors together were busy since the last reading, in percent.
package struct CPULoadSensor: Sensor {
  /// What the first reading tells, which has none before it.
  package enum FirstReading: Sendable {
    /// Nothing.
    case omitted
    /// The average since the machine started.
    case sinceBoot
  }

  package let name = "processor load"
  package let metrics = [Metric("cpu.load", unit: "%")]

  private let files: SystemFiles
  private var last: Ticks?

  private struct Ticks: Equatable {
    var total: UInt64
    var idle: UInt64
  }

  package init(files: SystemFiles, first: FirstReading = .omitted) {
    self.files = files
    last = first == .sinceBoot ? Ticks(total: 0, idle: 0) : nil
  }

  package mutating func read(at moment: Moment) throws -> [MetricReading] {
    let ticks = try Self.ticks(files)
    guard let last else {
      self.last = ticks
      return []
    }
    // The kernel counts in hundredths of a second, and its idle time may step back a little: no time passed, no value.
    guard ticks.total > last.total, ticks.idle >= last.idle else {
      if ticks.total < last.total || ticks.idle < last.idle { self.last = ticks }
      return []
    }
    self.last = ticks
    let total = Double(ticks.total - last.total)
    let busy = total - min(Double(ticks.idle - last.idle), total)
    return [MetricReading("cpu.load", .number((busy / total * 10_000).rounded() / 100))]
  }

  private static func ticks(_ files: SystemFiles) throws(SensorError) -> Ticks {
    let path = "/proc/stat"
    let text = try files.text(path)
    let line = text.prefix { $0 != "\n" }
    let fields = line.split(separator: " ")
    // user nice system idle iowait irq softirq steal; guest times are part of user and nice (proc(5)).
    let numbers = fields.dropFirst().prefix(8).compactMap { UInt64($0) }
    guard fields.first == "cpu", numbers.count == min(fields.count - 1, 8), numbers.count >= 4 else {
      throw .unexpected(path: path, content: String(line))
    }
    var total: UInt64 = 0
    for number in numbers {
      let (sum, overflow) = total.addingReportingOverflow(number)
      if overflow { throw .outOfRange("the processor time in \(path)") }
      total = sum
    }
    let waiting = numbers.count > 4 ? numbers[4] : 0
    return Ticks(total: total, idle: numbers[3] + waiting)
  }
}
