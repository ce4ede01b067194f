import DeviceManagement
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Synchronization
import Testing
import TimeSeriesStorage

@testable import HTTPAPI

/// What every route has in common.
@Suite struct DoorTests {
  @Test(arguments: [
    (HTTPRequest.Method.post, "/v1/devices", "GET, HEAD"), (.delete, "/v1/latest", "GET, HEAD"),
    (.put, "/v1/devices/pi/telemetry", "POST"), (.get, "/v1/devices/pi/telemetry", "POST"),
    (.put, "/v1/devices/pi/commands", "POST, GET, HEAD"), (.post, "/v1/commands/x", "GET, HEAD, DELETE"),
    (.options, "/v1/readings", "GET, HEAD"), (.post, "/metrics", "GET, HEAD"), (.post, "/", "GET, HEAD"),
  ])
  func wrongMethodsAreToldTheRightOnes(method: HTTPRequest.Method, path: String, allowed: String) async throws {
    try await TestHub().application().test(.router) { client in
      let response = try await client.send(method, path)
      #expect(response.status == .methodNotAllowed)
      #expect(response.headers[.allow] == allowed)
      #expect(try response.json["parameter"]?.text == "method")
    }
  }

  @Test(arguments: [
    "/v1", "/v2/devices", "/v1/device", "/v1/devices/pi/x", "/v1/devices/pi/telemetry/x", "/admin", "/v1/commands",
  ])
  func unknownPathsAreNotFound(path: String) async throws {
    try await TestHub().application().test(.router) { client in
      let response = try await client.get(path)
      #expect(response.status == .notFound)
      #expect(response.headers[.contentType] == "application/problem+json")
    }
  }

  @Test(arguments: [
    "/", "/livez", "/readyz", "/metrics", "/v1/devices", "/v1/dead-letters", "/v1/latest", "/v1/readings",
  ])
  func unknownParametersAreRefused(path: String) async throws {
    try await TestHub().application().test(.router) { client in
      let response = try await client.get("\(path)?colour=blue")
      #expect(response.status == .badRequest)
      #expect(try response.json["parameter"]?.text == "colour")
      #expect(try await client.get(path).status == .ok)
    }
  }

  @Test func tellsWhatItCanDo() async throws {
    try await TestHub().application().test(.router) { client in
      let index = try await client.get("/")
      #expect(index.headers[.contentType] == "text/plain; charset=utf-8")
      for route in [
        "GET /v1/devices", "POST /v1/devices/{device}/telemetry", "DELETE /v1/commands/{id}", "GET /metrics",
      ] {
        #expect(index.text.contains(route))
      }
    }
  }

  static let origins: [(String?, HTTPResponse.Status)] = [
    (nil, .noContent), ("http://localhost", .noContent), ("null", .forbidden), ("http://evil.example", .forbidden),
    ("http://localhost.evil.example", .forbidden), ("http://localhost:3000", .forbidden),
    ("https://hub.example", .noContent), ("file://", .forbidden), ("http://", .forbidden), ("", .forbidden),
    ("http://user@localhost", .forbidden),
  ]

  @Test(arguments: origins)
  func foreignPagesChangeNothing(origin: String?, status: HTTPResponse.Status) async throws {
    let hub = TestHub { $0.allowedHosts = ["Hub.example"] }
    try await hub.application().test(.router) { client in
      var headers = HTTPFields()
      if let origin { headers[.origin] = origin }
      let response = try await client.send(.post, "/v1/devices/pi/telemetry", #"{"x":1}"#, headers: headers)
      #expect(response.status == status)
      #expect(hub.store.statistics.readingsStored == (status == .noContent ? 1 : 0))
      if status == .forbidden { #expect(try response.json["parameter"]?.text == "Origin") }
      // Reading is for everyone: the browser keeps the answer from the page.
      #expect(try await client.execute(uri: "/v1/latest", method: .get, headers: headers).status == .ok)
    }
  }

  @Test func healthIsTold() async throws {
    let hub = TestHub()
    try await hub.application().test(.router) { client in
      #expect(try await client.get("/livez").text == "ok\n")
      #expect(try await client.get("/readyz").text == "ready\n")
      hub.operations.state.withLock { $0.readiness = .notReady(reason: "the disk is full") }
      let response = try await client.get("/readyz")
      #expect(response.status == .serviceUnavailable)
      #expect(try response.json["detail"]?.text == "the disk is full")
      #expect(try await client.get("/livez").status == .ok)
    }
  }

  @Test func headersAreAnsweredWithoutABody() async throws {
    let hub = TestHub()
    try hub.fill("pi", "x", count: 10)
    try await hub.application().test(.live) { client in
      let response = try await client.execute(uri: "/v1/readings", method: .head)
      #expect(response.status == .ok)
      #expect(response.headers[.contentType] == "application/json")
      #expect(response.body.readableBytes == 0)
    }
  }

  @Test func metricsAreOpenMetrics() async throws {
    let hub = TestHub()
    try hub.fill("pi", "x", count: 10)
    await hub.publish("pi", "{")
    await hub.publish("pi", #"{"a":null,"x":1}"#)
    try hub.publish("pi", metric: "y", #"{"value":1,"unit":"V","phase":2}"#)
    try await hub.application().test(.router) { client in
      let response = try await client.get("/metrics")
      #expect(response.headers[.contentType]?.hasPrefix("application/openmetrics-text; version=1.0.0") == true)
      let lines = response.text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.suffix(2) == ["# EOF", ""])
      for line in [
        "telemetry_hub_readings_total 12", "telemetry_hub_readings_stored 12", "telemetry_hub_dead_letters_total 1",
        "telemetry_hub_dead_letters_by_kind_total{kind=\"invalid_json\"} 1",
        "telemetry_hub_values_skipped_total{reason=\"null\"} 1",
        "telemetry_hub_values_skipped_total{reason=\"unknown_member\"} 2", "# TYPE telemetry_hub_ring_bytes gauge",
        "# HELP telemetry_hub_messages_received Messages \\\"in\\\".\\nBy QoS.",
        "telemetry_hub_messages_received_total{qos=\"1\\\"\\\\\"} 4", "telemetry_hub_commands_open 0",
      ] {
        #expect(lines.contains(Substring(line)))
      }
      Self.checkGrammar(lines.dropLast(2))
    }
  }

  /// Every family has help and type before its samples, once, and a counter's samples end in `_total`.
  private static func checkGrammar(_ lines: ArraySlice<Substring>) {
    var types: [Substring: Substring] = [:]
    var current: Substring = ""
    for line in lines {
      let words = line.split(separator: " ")
      if line.hasPrefix("# HELP ") {
        current = words[2]
        #expect(types[current] == nil)
      } else if line.hasPrefix("# TYPE ") {
        #expect(words[2] == current)
        types[current] = words[3]
      } else {
        let name = line.prefix { $0 != "{" && $0 != " " }
        #expect(name.hasPrefix("telemetry_hub_"))
        #expect(name == (types[current] == "counter" ? "\(current)_total" : current[...]))
        #expect(words.last.flatMap { Double($0) } != nil)
      }
    }
    #expect(types.count > 15)
  }
}
