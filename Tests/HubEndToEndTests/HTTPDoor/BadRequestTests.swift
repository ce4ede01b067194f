import DeviceAgentKit
import MQTTProtocol
import Testing

/// Requests that are wrong: refused with what was wrong.
@Suite struct BadRequestTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let path: String
    let parameter: String

    var testDescription: String { path }
  }

  private static let readings: [(String, String)] = [
    ("from=yesterday", "from"), ("to=1x", "to"), ("from=2026-13-45T99:00:00Z", "from"), ("from=1e400", "from"),
    ("from=-99999999999999999999d", "from"), ("from=\(String(repeating: "9", count: 400))", "from"),
    ("from=now&to=-1h", "from"), ("every=-5s", "every"), ("every=0s", "every"), ("every=5", "every"),
    ("every=99999999999999999d", "every"), ("from=-3650d&every=1ms", "every"), ("every=1m&agg=median", "agg"),
    ("agg=", "agg"), ("limit=0", "limit"), ("limit=-1", "limit"), ("limit=1000001", "limit"), ("limit=1e3", "limit"),
    ("limit=99999999999999999999", "limit"), ("cursor=nonsense", "cursor"), ("format=xml", "format"),
    ("tz=Mars", "tz"), ("devise=a", "devise"), ("device=a&device=b", "device"), ("device=", "device"),
    ("metric=\(String(repeating: "a,", count: 100))a", "metric"), ("from=%zz", "query"), ("from=%C3%28", "query"),
  ]

  static let cases =
    readings.map { Case(path: "/v1/readings?\($0)", parameter: $1) } + [
      Case(path: "/v1/latest?limit=0", parameter: "limit"), Case(path: "/v1/latest?from=-1h", parameter: "from"),
      Case(path: "/v1/latest?cursor=x", parameter: "cursor"),
      Case(path: "/v1/latest?format=columns", parameter: "format"),
      Case(path: "/v1/devices?limit=x", parameter: "limit"), Case(path: "/v1/devices/me", parameter: "device"),
      Case(path: "/v1/devices/a%20b", parameter: "device"),
      Case(path: "/v1/dead-letters?cursor=-1", parameter: "cursor"),
      Case(path: "/v1/commands/x?wait=61s", parameter: "wait"),
      Case(path: "/v1/commands/x?wait=-1s", parameter: "wait"),
      Case(path: "/v1/commands/x?wait=forever", parameter: "wait"), Case(path: "/metrics?x=1", parameter: "x"),
      Case(path: "/livez?verbose", parameter: "verbose"),
    ]

  @Test func namesTheParameter() throws {
    try withHub { hub in
      let device = try MQTTPeer.connected(hub.mqttPort, "board")
      try device.publish("v1/devices/me/telemetry", #"{"n":1}"#)
      for testCase in Self.cases {
        let answer = try hub.http("GET", testCase.path)
        #expect(answer.status == 400, "\(testCase.path.prefix(80)): \(answer.text)")
        #expect(answer.headers["content-type"] == "application/problem+json", "\(testCase.path.prefix(80))")
        let problem = try answer.json()
        #expect(problem["parameter"]?.string == testCase.parameter, "\(testCase.path.prefix(80)): \(answer.text)")
        #expect(problem["status"]?.integer == 400)
        #expect(problem["allowed"]?.string?.isEmpty == false, "\(testCase.path.prefix(80))")
        #expect(answer.body.count < 2_048)
      }
      #expect(try hub.json("/v1/readings").elements.count == 1)
    }
  }

  @Test(arguments: [
    ("GET", "/v1/nothing", 404), ("GET", "/v1/devices/nobody", 404), ("GET", "/v1/latest?device=nobody", 404),
    ("GET", "/v1/readings?device=nobody", 404), ("GET", "/v1/../../etc/passwd", 404), ("POST", "/v1/latest", 405),
    ("DELETE", "/v1/devices", 405), ("PUT", "/v1/devices/a/telemetry", 405), ("GET", "/v1/devices/a/telemetry", 405),
    ("PATCH", "/metrics", 405), ("OPTIONS", "/v1/readings", 405), ("HEAD", "/v1/latest", 200), ("GET", "/", 200),
    ("GET", "/livez", 200), ("GET", "/readyz", 200), ("GET", "/v1/latest?device=nob*", 200),
  ])
  func answersWithTheStatus(method: String, path: String, status: Int) throws {
    try withHub { hub in
      let answer = try hub.http(method, path)
      #expect(answer.status == status)
      if status == 405 { #expect(answer.headers["allow"]?.isEmpty == false) }
      if status >= 400 { #expect(answer.headers["content-type"] == "application/problem+json") }
    }
  }

  @Test func refusesUnacceptableFormats() throws {
    try withHub { hub in
      #expect(try hub.http("GET", "/v1/latest", headers: ["Accept: image/png"]).status == 406)
      #expect(try hub.http("GET", "/v1/latest", headers: ["Accept: text/html, */*;q=0.1"]).status == 200)
      let csv = try hub.http("GET", "/v1/latest", headers: ["Accept: text/csv"])
      #expect(csv.headers["content-type"]?.hasPrefix("text/csv") == true)
      let typed = try hub.http("POST", "/v1/devices/a/telemetry", "{}", headers: ["Content-Type: text/xml"])
      #expect(typed.status == 415)
    }
  }

  @Test func refusesForeignRequests() throws {
    try withHub { hub throws in
      let body = #"{"n":1}"#
      let path = "/v1/devices/board/telemetry"
      let own = "127.0.0.1:\(hub.httpPort)"
      let cases: [([String], Int)] = [
        (["Host: evil.example"], 403), (["Host: evil.example:\(hub.httpPort)"], 403),
        (["Host: 127.0.0.1.evil.example"], 403),
        (["Origin: http://evil.example"], 403), (["Origin: null"], 403), (["Origin: http://127.0.0.1:1"], 403),
        (["Origin: http://localhost:\(hub.httpPort)"], 403), (["Origin: http://\(own).evil.example"], 403),
        ([], 204), (["Host: localhost:\(hub.httpPort)"], 204), (["Host: \(own)", "Origin: http://\(own)"], 204),
        (["Host: [::1]:\(hub.httpPort)"], 204),
      ]
      for (headers, status) in cases {
        #expect(try hub.http("POST", path, body, headers: headers).status == status, "\(headers)")
      }
      #expect(try hub.http("DELETE", "/v1/commands/x", headers: ["Origin: http://evil.example"]).status == 403)
      #expect(
        try hub.http("POST", "/v1/devices/board/commands", "{}", headers: ["Origin: http://evil.example"]).status == 403
      )
      // Reading harms nobody.
      #expect(try hub.http("GET", "/v1/latest", headers: ["Host: evil.example"]).status == 200)
    }
    try withHub(["--http-allowed-hosts", "hub.example"]) { hub in
      let answer = try hub.http(
        "POST", "/v1/devices/board/telemetry", "{}",
        headers: ["Host: hub.example", "Origin: https://hub.example"])
      #expect(answer.status == 204)
    }
  }
}
