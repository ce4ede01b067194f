import Hummingbird

/// `/livez`, `/readyz`, `/metrics`: for whoever watches over the hub.
struct HealthRoutes {
  let services: HTTPServices
  let counters: HTTPCounters

  var routes: [APIRoute] {
    [
      APIRoute(.get, "/livez", "whether the hub answers", isOnEventLoop: true) { request, _ in
        _ = try QueryParameters(request, allowed: [])
        return .text("ok\n")
      },
      APIRoute(.get, "/readyz", "whether the hub can do its work") { request, _ in
        _ = try QueryParameters(request, allowed: [])
        switch services.operations.readiness {
        case .ready: return .text("ready\n")
        case .notReady(let reason): throw Problem(.serviceUnavailable, reason)
        }
      },
      APIRoute(.get, "/metrics", "the hub's own counters, as OpenMetrics text") { request, _ in
        _ = try QueryParameters(request, allowed: [])
        return .text(
          OpenMetricsText.write(services.metrics + counters.metrics),
          contentType: "application/openmetrics-text; version=1.0.0; charset=utf-8")
      },
    ]
  }
}
