/// `network.{interface}.received`, `network.{interface}.sent`: bytes since the interface came up, all but the loopback.
package struct NetworkSensor: Sensor {
  package let name = "network"
  package private(set) var metrics: [Metric] = []
  private let files: SystemFiles

  package init(files: SystemFiles) {
    self.files = files
    metrics = ((try? Self.counters(files)) ?? []).flatMap { Self.metrics(of: $0.interface) }
  }

  package mutating func read(at moment: Moment) throws -> [MetricReading] {
    let counters = try Self.counters(files)
    metrics = counters.flatMap { Self.metrics(of: $0.interface) }
    return zip(metrics, counters.flatMap { [$0.received, $0.sent] }).map { MetricReading($0.name, .integer($1)) }
  }

  private static func metrics(of interface: String) -> [Metric] {
    [
      Metric("network.\(interface).received", unit: "B"), Metric("network.\(interface).sent", unit: "B"),
    ]
  }

  private struct Counters {
    var interface: String
    var received: Int64
    var sent: Int64
  }

  private static func counters(_ files: SystemFiles) throws(SensorError) -> [Counters] {
    let path = "/proc/net/dev"
    let text = try files.text(path)
    var counters: [Counters] = []
    // Two lines of headings, then "  eth0: received packets errs drop fifo frame compressed multicast sent …".
    for line in text.split(separator: "\n").dropFirst(2).prefix(AgentLimits.sensorsPerKind + 1) {
      guard let colon = line.lastIndex(of: ":") else { throw .unexpected(path: path, content: String(line)) }
      let interface = line[..<colon].drop { $0 == " " }
      let fields = line[line.index(after: colon)...].split(separator: " ")
      guard fields.count >= 9, let received = UInt64(fields[0]), let sent = UInt64(fields[8]) else {
        throw .unexpected(path: path, content: String(line))
      }
      guard interface != "lo" else { continue }
      counters.append(
        Counters(interface: String(interface), received: Int64(clamping: received), sent: Int64(clamping: sent)))
    }
    return counters
  }
}
