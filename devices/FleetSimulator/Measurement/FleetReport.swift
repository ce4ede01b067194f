import MQTTProtocol

/// What a run came to.
struct FleetReport {
  let settings: FleetSettings
  let counts: FleetCounts
  let isInterrupted: Bool
  var histogram = LatencyHistogram()
  /// How often what went wrong, by its explanation.
  var faults: [String: Int] = [:]
  /// From the first message to the hub's last answer.
  var nanoseconds: Int64 = 1

  init(settings: FleetSettings, counts: FleetCounts, isInterrupted: Bool) {
    self.settings = settings
    self.counts = counts
    self.isInterrupted = isInterrupted
  }

  var seconds: Double { Double(nanoseconds) / 1e9 }

  /// Messages a second that the hub took.
  var rate: Double { Double(counts.acknowledged) / seconds }

  /// Whether every connection lasted and the hub took every message.
  var isClean: Bool { counts.failed == 0 && counts.dropped == 0 && counts.lost == 0 && counts.refused == 0 }

  /// The final line.
  var line: String {
    if settings.idle {
      return "\(Figures.grouped(counts.connected)) connections held for \(Figures.fixed(seconds, decimals: 1)) s"
        + faultCounts
    }
    var text = "sent \(Figures.grouped(counts.sent)), acknowledged \(Figures.grouped(counts.acknowledged))"
    text += " in \(Figures.fixed(seconds, decimals: 3)) s: \(Figures.grouped(Int(rate.rounded()))) messages/s"
    if let median = histogram.value(atQuantile: 0.5), let slow = histogram.value(atQuantile: 0.99) {
      text += ", acknowledged after p50 \(Figures.milliseconds(median)) ms, p99 \(Figures.milliseconds(slow)) ms"
    }
    return text + faultCounts
  }

  private var faultCounts: String {
    var text = ""
    if counts.lost > 0 { text += "; LOST \(Figures.grouped(counts.lost))" }
    if counts.refused > 0 { text += "; refused \(Figures.grouped(counts.refused))" }
    if counts.failed > 0 { text += "; \(Figures.grouped(counts.failed)) connections failed" }
    if counts.dropped > 0 { text += "; \(Figures.grouped(counts.dropped)) connections dropped" }
    return text
  }

  /// The faults, the most frequent first.
  var faultLines: [String] {
    faults.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\(Figures.grouped($0.value)) x \($0.key)" }
  }

  /// The same as one JSON object on one line. Latencies are `null` where nothing was acknowledged one by one.
  var json: String {
    func latency(_ quantile: Double) -> String {
      histogram.value(atQuantile: quantile).map { Figures.fixed(Double($0) / 1e3, decimals: 1) } ?? "null"
    }
    let fields = [
      ("sent", "\(counts.sent)"), ("acknowledged", "\(counts.acknowledged)"), ("refused", "\(counts.refused)"),
      ("lost", "\(counts.lost)"), ("readings", "\(counts.acknowledged * settings.readingsPerMessage)"),
      ("seconds", Figures.fixed(seconds, decimals: 6)), ("rate", Figures.fixed(rate, decimals: 1)),
      ("connected", "\(counts.connected)"), ("failed", "\(counts.failed)"), ("dropped", "\(counts.dropped)"),
      ("qos", "\(settings.qos.rawValue)"), ("ack_p50_us", latency(0.5)), ("ack_p99_us", latency(0.99)),
      ("ack_max_us", latency(1)), ("interrupted", "\(isInterrupted)"),
    ]
    return "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
  }
}
