import DeviceAgentKit
import MQTTProtocol
import Testing

/// Requests that are too large, or no requests at all.
@Suite struct OversizedRequestTests {
  @Test func refusesLargeBodies() throws {
    try withHub { hub in
      let directory = try TemporaryDirectory()
      let file = try directory.write([UInt8](repeating: 0x20, count: 257 << 10), to: "large")
      for (path, headers) in [
        ("/v1/devices/board/telemetry", []), ("/v1/devices/board/telemetry", ["Transfer-Encoding: chunked"]),
      ] {
        let answer = try hub.http("POST", path, "@\(file)", headers: headers + ["Expect:"])
        #expect(answer.status == 413, "\(headers)")
        #expect(answer.headers["content-type"] == "application/problem+json")
      }
      try MQTTPeer.connected(hub.mqttPort, "board").publish("v1/devices/me/telemetry", "{}")
      #expect(try hub.http("POST", "/v1/devices/board/commands", "@\(file)", headers: ["Expect:"]).status == 413)
      #expect(try hub.metric("telemetry_hub_dead_letters_total") == 0)
    }
  }

  @Test func acceptsABodyAtItsLimit() throws {
    try withHub { hub in
      let directory = try TemporaryDirectory()
      let text = #"{"n":1}"#
      let padding = [UInt8](repeating: 0x20, count: (256 << 10) - text.utf8.count)
      let file = try directory.write(Array(text.utf8) + padding, to: "full")
      #expect(try hub.http("POST", "/v1/devices/board/telemetry", "@\(file)", headers: ["Expect:"]).status == 204)
      #expect(try hub.latest("board", "n") == 1)
    }
  }

  @Test(arguments: [
    "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 1 << 20))\r\n\r\n",
    "GET /\(String(repeating: "x", count: 1 << 20)) HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\n" + (0..<5_000).map { "X-\($0): y\r\n" }.joined() + "\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "nonsense\r\n\r\n", "\u{0}\u{1}\u{2}\u{3}\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
  ])
  func closesWhatIsNoRequest(text: String) throws {
    try withHub { hub in
      let neighbour = try Neighbour(hub)
      let before = try hub.residentBytes()
      let socket = try TCPConnection(port: hub.httpPort)
      socket.send(text.utf8)
      // It may answer 4xx; in any case it closes, without waiting for more.
      let answer = String(decoding: try socket.receiveToEnd(), as: UTF8.self)
      #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(answer.prefix(200))")
      #expect(try hub.residentBytes() - before < 16 << 20)
      try neighbour.expectToBeServed(1)
    }
  }

  /// Requests that come all at once, or byte by byte.
  @Test func answersInOrder() throws {
    try withHub { hub in
      let socket = try TCPConnection(port: hub.httpPort)
      let paths = ["/livez", "/v1/nothing", "/readyz", "/v1/latest?limit=0", "/v1/dead-letters"]
      var requests = paths.map { "GET \($0) HTTP/1.1\r\nHost: localhost\r\n\r\n" }.joined()
      requests += "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
      socket.send(requests.utf8)
      let answers = String(decoding: try socket.receiveToEnd(), as: UTF8.self)
      let statuses = answers.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
      #expect(statuses == ["200", "404", "200", "400", "200", "200"])

      let slow = try TCPConnection(port: hub.httpPort)
      for byte in "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8 { slow.send([byte]) }
      #expect(String(decoding: try slow.receiveToEnd(), as: UTF8.self).hasSuffix("\r\n\r\nok\n"))
    }
  }

  /// A request cut anywhere.
  @Test func survivesEveryCut() throws {
    try withHub { hub in
      let request =
        "POST /v1/devices/board/telemetry HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n\r\n{\"n\":1}"
      for count in 0..<request.utf8.count {
        try TCPConnection(port: hub.httpPort).send(request.utf8.prefix(count))
      }
      #expect(try hub.json("/v1/devices").elements.isEmpty)
      #expect(try hub.http("POST", "/v1/devices/board/telemetry", #"{"n":2}"#).status == 204)
      #expect(try hub.latest("board", "n") == 2)
    }
  }
}
