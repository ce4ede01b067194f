import MQTTBroker
import MQTTProtocol
import Testing

@testable import MQTTServer

/// The one HTTP request of a connection, as bytes.
@Suite struct WebSocketHandshakeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let request: [UInt8]
    let status: Int
    /// Stands in the answer.
    var says = ""

    init(_ description: String, _ request: [UInt8], _ status: Int, says: String = "") {
      testDescription = description
      self.request = request
      self.status = status
      self.says = says
    }

    static func text(_ description: String, _ text: String, _ status: Int, says: String = "") -> Case {
      Case(description, Array(text.utf8), status, says: says)
    }
  }

  static let allowedOrigins = ["https://panel.example:8443", "null"]

  static let cases: [Case] = [
    Case("as clients ask", WebSocketPeer.request(), 101, says: "Sec-WebSocket-Protocol: mqtt\r\n"),
    // The example of RFC 6455 §1.3.
    Case("the key is answered", WebSocketPeer.request(), 101, says: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
    Case("path /", WebSocketPeer.request("/"), 101),
    Case("another path", WebSocketPeer.request("/ws?x=1"), 101),
    Case(
      "several subprotocols",
      WebSocketPeer.request(
        without: "Sec-WebSocket-Protocol", adding: ["Sec-WebSocket-Protocol: chat, mqttv3.1, mqtt"]), 101,
      says: "Sec-WebSocket-Protocol: mqtt\r\n"),
    Case(
      "subprotocols in two fields",
      WebSocketPeer.request(
        without: "Sec-WebSocket-Protocol", adding: ["Sec-WebSocket-Protocol: chat", "sec-websocket-protocol: mqtt"]),
      101),
    Case(
      "an old client",
      WebSocketPeer.request(
        without: "Sec-WebSocket-Protocol", adding: ["Sec-WebSocket-Protocol: mqttv3.1"]), 101,
      says: "Sec-WebSocket-Protocol: mqttv3.1\r\n"),
    Case(
      "as browsers write Connection",
      WebSocketPeer.request(
        without: "Connection", adding: ["Connection: keep-alive, Upgrade"]), 101),
    Case("another case", WebSocketPeer.request(without: "Upgrade", adding: ["upgrade: WebSocket"]), 101),
    Case("an allowed origin", WebSocketPeer.request(adding: ["Origin: https://panel.example:8443"]), 101),
    Case("an origin in another case", WebSocketPeer.request(adding: ["Origin: HTTPS://Panel.Example:8443"]), 101),
    Case("an allowed null", WebSocketPeer.request(adding: ["Origin: null"]), 101),
    Case("a foreign origin", WebSocketPeer.request(adding: ["Origin: https://elsewhere.example"]), 403),
    Case("the same host at another port", WebSocketPeer.request(adding: ["Origin: https://panel.example"]), 403),
    Case("another scheme", WebSocketPeer.request(adding: ["Origin: http://panel.example:8443"]), 403),
    Case("the loopback address that is dialled", WebSocketPeer.request(adding: ["Origin: http://127.0.0.1:9001"]), 101),
    Case("a page of another port", WebSocketPeer.request(adding: ["Origin: http://127.0.0.1:8080"]), 403),
    Case(
      "a name that was made to point here",
      WebSocketPeer.request(without: "Host", adding: ["Host: evil.example", "Origin: http://evil.example"]), 403),
    Case(
      "a name that begins like an address",
      WebSocketPeer.request(without: "Host", adding: ["Host: 127.0.0.1.example", "Origin: http://127.0.0.1.example"]),
      403),
    Case(
      "localhost, dialled by that name",
      WebSocketPeer.request(without: "Host", adding: ["Host: localhost:1", "Origin: http://localhost:1"]), 101),
    Case(
      "one of two origins is foreign",
      WebSocketPeer.request(
        adding: ["Origin: null", "Origin: https://elsewhere.example"]), 403),
    Case("no subprotocol", WebSocketPeer.request(without: "Sec-WebSocket-Protocol"), 400, says: "mqtt"),
    Case(
      "another subprotocol",
      WebSocketPeer.request(
        without: "Sec-WebSocket-Protocol", adding: ["Sec-WebSocket-Protocol: MQTT, mqttv5"]), 400),
    Case("no key", WebSocketPeer.request(without: "Sec-WebSocket-Key"), 400),
    Case(
      "a short key",
      WebSocketPeer.request(
        without: "Sec-WebSocket-Key", adding: ["Sec-WebSocket-Key: c2hvcnQ="]), 400),
    Case(
      "a key that is no base64",
      WebSocketPeer.request(
        without: "Sec-WebSocket-Key", adding: ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ!=="]), 400),
    Case("two keys", WebSocketPeer.request(adding: ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]), 400),
    Case("no host", WebSocketPeer.request(without: "Host"), 400),
    Case("a body", WebSocketPeer.request(adding: ["Content-Length: 3"]) + [1, 2, 3], 400),
    Case("a body in chunks", WebSocketPeer.request(adding: ["Transfer-Encoding: chunked"]), 400),
    Case("no version", WebSocketPeer.request(without: "Sec-WebSocket-Version"), 426, says: "Sec-WebSocket-Version: 13"),
    Case(
      "another version",
      WebSocketPeer.request(
        without: "Sec-WebSocket-Version", adding: ["Sec-WebSocket-Version: 8"]), 426, says: "Sec-WebSocket-Version: 13"),
    Case("no Upgrade", WebSocketPeer.request(without: "Upgrade"), 426, says: "Upgrade: websocket"),
    Case("no Connection", WebSocketPeer.request(without: "Connection"), 426),
    Case("another Upgrade", WebSocketPeer.request(without: "Upgrade", adding: ["Upgrade: h2c"]), 426),
    .text("a browser", "GET / HTTP/1.1\r\nHost: hub\r\n\r\n", 426, says: "MQTT over WebSocket is served here"),
    .text("a form", "POST / HTTP/1.1\r\nHost: hub\r\nContent-Length: 3\r\n\r\na=b", 426),
    .text("an old browser", "GET / HTTP/1.0\r\n\r\n", 426),
    .text("another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n", 400),
    Case("MQTT", ConnectPacket(version: .v5, clientIdentifier: "c").bytes, 400),
    .text("a field that is too long", "GET / HTTP/1.1\r\nA: \(String(repeating: "x", count: 9_000))\r\n\r\n", 400),
    .text("a target that is too long", "GET /\(String(repeating: "x", count: 9_000)) HTTP/1.1\r\n\r\n", 400),
    .text("fields that never end", "GET / HTTP/1.1\r\nA: \(String(repeating: "x", count: 9_000))", 400),
    .text("too many fields", "GET / HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: 65) + "\r\n", 400),
  ]

  @Test(arguments: cases) func answers(row: Case) throws {
    for parts in [[row.request[...]], row.request.indices.map { row.request[$0...$0] }] {
      let door = Door()
      let peer = try door.connectWebSocket(allowedOrigins: Self.allowedOrigins)
      for part in parts { try peer.send(part) }
      let (head, rest) = try #require(try WebSocketPeer.head(peer.output()))
      #expect(head.hasPrefix("HTTP/1.1 \(row.status) "), "\(head)")
      #expect((head + String(decoding: rest, as: UTF8.self)).contains(row.says), "\(head)")
      if row.status == 101 {
        #expect(rest.isEmpty)
        #expect(peer.isOpen)
      } else {
        #expect(head.contains("close\r\n"))
        #expect(head.contains("Content-Length: \(rest.count)\r\n"))
        door.pass(milliseconds: 500)
        #expect(!peer.isOpen)
        #expect(door.statistics.connections == 0)
      }
    }
  }

  /// Whatever stands between, no byte of the handshake is lost or doubled, nor any that follows it at once.
  @Test func whatFollowsTheHandshakeIsRead() throws {
    let connect = WebSocketPeer.Frame.binary(ConnectPacket(version: .v5, clientIdentifier: "c").bytes).bytes
    let bytes = WebSocketPeer.request() + connect
    for cut in 0..<bytes.count {
      let peer = try Door().connectWebSocket()
      if cut > 0 { try peer.send(bytes.prefix(cut)) }
      try peer.send(bytes.dropFirst(cut))
      let (_, rest) = try #require(try WebSocketPeer.head(peer.output()))
      let frames = try #require(WebSocketPeer.frames(rest))
      #expect(try typeNumbers(packets(WebSocketPeer.stream(frames))) == [2], "cut at \(cut)")
    }
  }

  /// A second request in the place of frames is no WebSocket, and never taken for HTTP again.
  @Test func noSecondRequestIsServed() throws {
    let door = Door()
    let peer = try door.connectWebSocket()
    try peer.send(WebSocketPeer.request() + WebSocketPeer.request())
    let (head, rest) = try #require(try WebSocketPeer.head(peer.output()))
    #expect(head.hasPrefix("HTTP/1.1 101 "))
    let frames = try #require(WebSocketPeer.frames(rest))
    // `G` has a reserved bit set.
    #expect(WebSocketPeer.closeCode(frames) == 1002)
    #expect(frames.count == 1)
  }

  @Test func theConnectTimeoutCoversTheHandshake() throws {
    for said in [[], WebSocketPeer.request().dropLast(2), WebSocketPeer.request()[...]] as [ArraySlice<UInt8>] {
      let door = Door()
      let peer = try door.connectWebSocket()
      try peer.send(said)
      _ = try peer.output()
      door.pass(milliseconds: 9_900)
      #expect(peer.isOpen)
      door.pass(milliseconds: 1_700)
      #expect(!peer.isOpen)
      #expect(door.statistics.connections == 0)
    }
  }
}
