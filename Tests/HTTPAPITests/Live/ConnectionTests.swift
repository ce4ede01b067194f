import DeviceManagement
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import HTTPAPI

/// What real connections do.
@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
  @Test func staysOpenAndAnswersInOrder() async throws {
    let hub = TestHub()
    try hub.fill("pi", "x", count: 1)
    try await hub.application().test(.live) { client in
      try await RawConnection.with(port: try #require(client.port)) { writer, reader in
        let ping = #"{"name":"ping"}"#
        try await writer.send(
          "POST /v1/devices/pi/commands?wait=1ms HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(ping.utf8.count)\r\n\r\n"
            + ping + "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let text = try await reader.read(until: "\"received\":\"/nowhere\"}\n")
        let answers = text.components(separatedBy: "HTTP/1.1 ")
        #expect(answers.map { $0.prefix(3) } == ["", "202", "200", "404"])
        #expect(answers[2].hasSuffix("ok\n"))
      }
    }
  }

  @Test func readsARequestByteByByte() async throws {
    let hub = TestHub()
    try await hub.application().test(.live) { client in
      try await RawConnection.with(port: try #require(client.port)) { writer, reader in
        let request =
          "POST /v1/devices/pi/telemetry HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "3\r\n{\"x\r\n4\r\n\":1}\r\n0\r\n\r\n"
        for byte in request.utf8 { try await writer.write(ByteBuffer(bytes: [byte])) }
        #expect(try await reader.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 204 No Content\r\n"))
      }
      #expect(try await client.get("/v1/latest?device=pi").rows.count == 1)
    }
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "y", count: 20_000))\r\n\r\n", "400"),
    ("GET / HTTP/1.1\r\nHost: localhost\r\n\(String(repeating: "X: y\r\n", count: 200))\r\n", "400"),
    ("GET /\(String(repeating: "y", count: 100_000)) HTTP/1.1\r\nHost: localhost\r\n\r\n", "400"),
    ("nonsense\r\n\r\n", "400"), ("\u{10}\u{0}\u{0}\r\n\r\n", "400"),
    ("POST /v1/devices/pi/telemetry HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 2\r\n\r\n{}", "403"),
    ("POST /v1/devices/pi/telemetry HTTP/1.1\r\nHost: localhost.evil.example:80\r\nContent-Length: 2\r\n\r\n{}", "403"),
    ("DELETE /v1/commands/x HTTP/1.1\r\nHost: 127.0.0.1.nip.io\r\n\r\n", "403"),
    ("POST /v1/devices/pi/telemetry HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Length: 7\r\n\r\n{\"x\":1}", "204"),
    ("POST /v1/devices/pi/telemetry HTTP/1.1\r\nHost: [::1]:8080\r\nContent-Length: 7\r\n\r\n{\"x\":1}", "204"),
    ("POST /v1/devices/pi/telemetry HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n{", "413"),
    ("GET /v1/latest HTTP/1.1\r\nHost: evil.example\r\n\r\n", "200"),
    ("GET /v1/latest HTTP/1.0\r\n\r\n", "200"),
  ])
  func answersWhatItIsSent(request: String, status: String) async throws {
    try await TestHub().application().test(.live) { client in
      try await RawConnection.with(port: try #require(client.port)) { writer, reader in
        try await writer.send(request)
        #expect(try await reader.next().map { String(buffer: $0).dropFirst(9).prefix(3) } == status[...])
      }
      // And everyone else is served.
      #expect(try await client.get("/livez").status == .ok)
    }
  }

  @Test func anEndlessBodyIsCutOff() async throws {
    try await TestHub().application().test(.live) { client in
      try await RawConnection.with(port: try #require(client.port)) { writer, reader in
        try await writer.send(
          "POST /v1/devices/pi/telemetry HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = "8000\r\n\(String(repeating: " ", count: 0x8000))\r\n"
        for _ in 0..<16 { try await writer.send(chunk) }
        #expect(try await reader.next().map { String(buffer: $0).hasPrefix("HTTP/1.1 413 ") } == true)
      }
    }
  }

  @Test func aClientWhoHangsUpWaitsNoMore() async throws {
    let hub = TestHub()
    try hub.fill("pi", "x", count: 1)
    try await hub.application().test(.live) { client in
      try await RawConnection.with(port: try #require(client.port)) { writer, _ in
        try await writer.send(Self.waitingRequest)
        await Self.until(hub, waiters: 1)
      }
      await Self.until(hub, waiters: 0)
      #expect(hub.commands.list(device: "pi").first?.state == .queued)
    }
  }

  @Test func whoeverWaitsIsAnsweredWhenTheHubStops() async throws {
    let hub = TestHub()
    try hub.fill("pi", "x", count: 1)
    let answer = Task {
      await Self.until(hub, waiters: 1)
    }
    let waited = try await hub.application().test(.live) { client in
      let port = try #require(client.port)
      let waiting = Task {
        try await RawConnection.with(port: port) { writer, reader in
          try await writer.send(Self.waitingRequest)
          return try await reader.next().map { String(buffer: $0) } ?? ""
        }
      }
      await answer.value
      // The hub stops when this returns.
      return waiting
    }
    #expect(try await waited.value.hasPrefix("HTTP/1.1 202 Accepted\r\n"))
    await Self.until(hub, waiters: 0)
  }

  private static let waitingRequest =
    "POST /v1/devices/pi/commands?wait=60s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 15\r\n\r\n{\"name\":\"ping\"}"

  /// Returns once so many wait; nothing is timed, it only lets other tasks run.
  private static func until(_ hub: TestHub, waiters: Int) async {
    while hub.commands.waiterCount != waiters { await Task.yield() }
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [Substring] {
    var parts: [Substring] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return parts + [rest]
  }
}
