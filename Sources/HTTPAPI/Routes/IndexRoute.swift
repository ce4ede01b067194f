import Hummingbird

/// `GET /`: what can be asked.
enum IndexRoute {
  static func route(over routes: [APIRoute]) -> APIRoute {
    let width = routes.map { $0.method.rawValue.count + $0.path.count }.max() ?? 0
    var lines = ["Telemetry Hub", ""]
    for route in routes {
      let name = "\(route.method.rawValue) \(route.path)"
      lines.append("\(name)\(String(repeating: " ", count: max(0, width + 3 - name.count)))\(route.summary)")
    }
    let text = lines.joined(separator: "\n") + "\n"
    return APIRoute(.get, "/", "this list") { request, _ in
      _ = try QueryParameters(request, allowed: [])
      return .text(text)
    }
  }
}
