import Synchronization

/// Requests answered, by the class of their status.
final class HTTPCounters: Sendable {
  private let classes = Mutex([Int](repeating: 0, count: 6))

  /// Counts an answer with a status from 100 to 599.
  func answered(status code: Int) {
    classes.withLock { $0[min(max(code / 100, 0), 5)] += 1 }
  }

  var metrics: [MetricFamily] {
    let counts = classes.withLock { $0 }
    return [
      .init(
        "telemetry_hub_http_requests", .counter, help: "HTTP requests answered, by the class of their status.",
        samples: (2...5).map { .init(counts[$0], labels: [.init("status", "\($0)xx")]) })
    ]
  }
}
