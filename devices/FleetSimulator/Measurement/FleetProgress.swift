/// One line a second about a run that goes on, on the standard error.
struct FleetProgress {
  private let connections: Int
  private let started: Int64
  private var last = FleetCounts()
  private var lastTime: Int64
  /// When the next line is due, in nanoseconds of the monotonic clock.
  private(set) var nextLine: Int64

  init(connections: Int, started: Int64) {
    self.connections = connections
    self.started = started
    lastTime = started
    nextLine = started + 1_000_000_000
  }

  mutating func say(_ counts: FleetCounts, at now: Int64) {
    let rate = Double(counts.sent - last.sent) / max(1e-9, Double(now - lastTime) / 1e9)
    var line = "\((now - started) / 1_000_000_000) s: \(counts.connected) of \(connections) connected"
    if counts.failed > 0 { line += ", \(counts.failed) failed" }
    if counts.dropped > 0 { line += ", \(counts.dropped) dropped" }
    if counts.sent > 0 {
      line += "; sent \(Figures.grouped(counts.sent)), acknowledged \(Figures.grouped(counts.acknowledged))"
      line += ", \(Figures.grouped(Int(rate))) messages/s"
    }
    sayNow(line)
    last = counts
    lastTime = now
    nextLine = max(nextLine + 1_000_000_000, now)
  }

  func sayNow(_ line: String) { StandardStreams.error(line) }
}
