import DeviceAgentKit
import Testing

extension HubProcess {
  func url(_ path: String) -> String { "http://127.0.0.1:\(httpPort)\(path)" }

  /// One request by curl.
  @discardableResult
  func http(
    _ method: String = "GET", _ path: String, _ body: String? = nil, headers: [String] = [],
    within time: Duration = .seconds(20)
  ) throws -> HTTPAnswer {
    let outcome = try curl(method, path, body, headers: headers, within: time).outcome(within: time + .seconds(5))
    do {
      return try HTTPAnswer(parsing: outcome.output)
    } catch {
      throw HarnessError("\(method) \(path): \(error); \(outcome.errors)")
    }
  }

  /// Starts curl, for a request whose answer takes its time.
  func curl(
    _ method: String = "GET", _ path: String, _ body: String? = nil, headers: [String] = [],
    within time: Duration = .seconds(20)
  ) throws -> ChildProcess {
    var arguments = ["--silent", "--show-error", "--globoff", "--max-time", "\(time.components.seconds)"]
    arguments += method == "HEAD" ? ["--head"] : ["--include", "--request", method]
    for header in headers { arguments += ["--header", header] }
    if let body { arguments += ["--data-binary", body] }
    return try ChildProcess("curl", arguments + [url(path)])
  }

  /// The JSON of an answer that must be 200.
  func json(_ path: String) throws -> JSONValue {
    let answer = try http("GET", path)
    guard answer.status == 200 else { throw HarnessError("GET \(path): \(answer.status) \(answer.text)") }
    return try answer.json()
  }

  /// A sample of /metrics; nil where there is none of that name and labels.
  func metric(_ name: String) throws -> Double? {
    let line = try http("GET", "/metrics").lines.first { $0.hasPrefix("\(name) ") }
    return line.flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
  }

  /// Waits until so many topic filters are subscribed to: mosquitto_sub does not say when it is ready.
  func waitForSubscriptions(_ count: Int) throws {
    try eventually("\(count) subscriptions") { try metric("telemetry_hub_subscriptions") == Double(count) }
  }

  /// A series' newest value; nil where there is none.
  func latest(_ device: String, _ metric: String) throws -> JSONValue? {
    try json("/v1/latest?metric=\(metric)&limit=10000").elements.first { $0["device"]?.string == device }?["value"]
  }
}
