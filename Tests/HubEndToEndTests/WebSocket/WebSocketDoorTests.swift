import MQTTProtocol
import Testing

/// Who gets in by the WebSocket door.
@Suite struct WebSocketDoorTests {
  private func curl(_ hub: HubProcess, _ arguments: [String]) throws -> HTTPAnswer {
    let process = try ChildProcess(
      "curl",
      ["--silent", "--show-error", "--include", "--max-time", "10"] + arguments
        + ["http://127.0.0.1:\(hub.webSocketPort)/mqtt"])
    return try HTTPAnswer(parsing: process.outcome(within: .seconds(15)).output)
  }

  @Test func withoutTheKeyThereIsNoDoor() throws {
    try withHub { hub in #expect(hub.webSocketPort == 0) }
  }

  @Test func anOrdinaryRequestIsToldWhatIsHere() throws {
    try withWebSocketHub { hub in
      for arguments in [[], ["--request", "POST", "--data", "a=b"], ["--http1.0"]] {
        let answer = try curl(hub, arguments)
        #expect(answer.status == 426)
        #expect(answer.headers["upgrade"] == "websocket")
        #expect(answer.text.contains("MQTT over WebSocket"))
      }
    }
  }

  /// A page elsewhere must not reach the hub through its reader's browser.
  @Test func aForeignPageIsRefused() throws {
    try withWebSocketHub(["--websocket-allowed-origins", "https://panel.example"]) { hub in
      for (origin, status) in [
        ("https://panel.example", 101), ("https://elsewhere.example", 403), ("http://panel.example", 403),
        ("http://127.0.0.1:\(hub.webSocketPort)", 101), ("http://127.0.0.1:1", 403), ("null", 403),
      ] {
        let client = try WebSocketClient(port: hub.webSocketPort, headers: ["Origin: \(origin)"])
        #expect(client.answer.hasPrefix("HTTP/1.1 \(status) "), "\(origin): \(client.answer)")
      }
      #expect(try WebSocketClient(port: hub.webSocketPort).isOpen)
    }
  }

  @Test func theSubprotocolIsAgreedOn() throws {
    try withWebSocketHub { hub in
      for (offered, agreed) in [
        ("mqtt", "mqtt"), ("mqttv3.1", "mqttv3.1"), ("chat, mqtt", "mqtt"), ("mqttv3.1, mqtt", "mqtt"),
      ] {
        let client = try WebSocketClient(port: hub.webSocketPort, subprotocol: offered)
        #expect(client.answer.contains("\r\nSec-WebSocket-Protocol: \(agreed)\r\n"), "\(client.answer)")
      }
      for offered in [nil, "chat"] {
        let client = try WebSocketClient(port: hub.webSocketPort, subprotocol: offered)
        #expect(client.answer.hasPrefix("HTTP/1.1 400 "))
      }
    }
  }

  @Test func anyPathWillDo() throws {
    try withWebSocketHub { hub in
      for path in ["/", "/mqtt", "/ws", "/any/path?with=query"] {
        let client = try WebSocketClient(port: hub.webSocketPort, path: path)
        #expect(try client.connect("web").reasonCode == .success)
      }
    }
  }

  /// The connect timeout covers the handshake and CONNECT.
  @Test func whoSaysTooLittleIsClosed() throws {
    try withWebSocketHub(["--mqtt-connect-timeout", "1s"]) { hub in
      let silent = try TCPConnection(port: hub.webSocketPort)
      let half = try TCPConnection(port: hub.webSocketPort)
      half.send("GET /mqtt HTTP/1.1\r\nHost: hub\r\nX-Slow: ".utf8)
      let mute = try WebSocketClient(port: hub.webSocketPort)
      let served = try WebSocketClient.connected(hub, "served")
      #expect(try silent.receiveToEnd().isEmpty)
      #expect(try half.receiveToEnd().isEmpty)
      #expect(try mute.closing().code == 1000)
      try served.ping()
    }
  }

  @Test func whatIsNoHTTPIsRefused() throws {
    try withWebSocketHub { hub in
      let connect = ConnectPacket(version: .v5, clientIdentifier: "c")
      for bytes in [
        ControlPacket.connect(connect).encoded(version: .v5), Array("SSH-2.0-x\r\n".utf8),
        Array("GET / HTTP/1.1\r\nA: \(String(repeating: "x", count: 10_000))\r\n\r\n".utf8),
      ] {
        let socket = try TCPConnection(port: hub.webSocketPort)
        socket.send(bytes)
        #expect(try String(decoding: socket.receiveToEnd(), as: UTF8.self).hasPrefix("HTTP/1.1 400 "))
      }
      #expect(try WebSocketClient(port: hub.webSocketPort).isOpen)
    }
  }
}
