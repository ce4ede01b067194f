import MQTTProtocol
import Testing

/// What each door for MQTT limits by itself.
@Suite struct ListenerLimitTests {
  @Test func eachDoorTellsItsOwnLimits() throws {
    let options = [
      "--mqtt-receive-maximum", "30", "--websocket-receive-maximum", "7", "--mqtt-maximum-packet-size", "64KiB",
      "--websocket-maximum-packet-size", "4KiB",
    ]
    try withWebSocketHub(options) { hub in
      let wired = try MQTTPeer(port: hub.mqttPort).connect("wired")
      #expect(wired.properties.receiveMaximum == 30)
      #expect(wired.properties.maximumPacketSize == 64 << 10)
      let web = try WebSocketClient(port: hub.webSocketPort)
      let connack = try web.connect("web")
      #expect(connack.properties.receiveMaximum == 7)
      #expect(connack.properties.maximumPacketSize == 4 << 10)
      web.send(.binary(Array(repeating: 0x30, count: 1) + [0x80, 0x40] + Array(repeating: 0, count: 100)))
      let closing = try web.closing()
      #expect(closing.reason == .packetTooLarge)
      #expect(closing.code == 1009)
    }
  }

  @Test func eachDoorHasItsOwnConnections() throws {
    try withWebSocketHub(["--websocket-maximum-connections", "2", "--mqtt-maximum-connections", "3"]) { hub in
      var webs = try (0..<2).map { try WebSocketClient.connected(hub, "web-\($0)") }
      #expect(try WebSocketClient(port: hub.webSocketPort).connect("web-2").reasonCode == .quotaExceeded)
      let old = try WebSocketClient(port: hub.webSocketPort, version: .v3_1_1)
      #expect(try old.connect("web-3").reasonCode.rawValue == 3)
      let wired = try (0..<3).map { try MQTTPeer.connected(hub.mqttPort, "wired-\($0)") }
      #expect(try MQTTPeer(port: hub.mqttPort).connect("wired-3").reasonCode == .quotaExceeded)
      webs.removeFirst()
      try eventually("there is room again") {
        try WebSocketClient(port: hub.webSocketPort).connect("web-4").reasonCode == .success
      }
      // Nor does a crowd at one door keep anybody out of the other.
      let crowd = try (0..<20).map { _ in try TCPConnection(port: hub.mqttPort) }
      try eventually("the crowd is there") { try #require(try hub.metric("telemetry_hub_connections")) >= 24 }
      webs.removeAll()
      try eventually("the other door lets in") {
        try WebSocketClient(port: hub.webSocketPort).connect("web-5").reasonCode == .success
      }
      withExtendedLifetime(crowd) {}
      for peer in wired { try peer.ping() }
    }
  }

  /// Over its rate a client waits; nothing is lost, and its silence is no fault of its own.
  @Test func aFastPublisherIsHeldBack() throws {
    try withWebSocketHub(["--mqtt-message-rate", "10", "--websocket-byte-rate", "1KiB"]) { hub in
      let reader = try MQTTPeer.connected(hub.mqttPort, "reader")
      try reader.subscribe("#")
      let watch = ContinuousClock()
      let start = watch.now
      let wired = try MQTTPeer.connected(hub.mqttPort, "wired", keepAlive: 1)
      for number in 0..<40 {
        wired.send(.publish(PublishPacket(topic: Array("wired".utf8), payload: Array("\(number)".utf8))))
      }
      let web = try WebSocketClient.connected(hub, "web")
      for number in 0..<4 { web.sendPublish("web", Array("\(number)".utf8) + Array(repeating: 0x20, count: 999)) }
      var next: [String: Int] = [:]
      for _ in 0..<44 {
        let message = try reader.message()
        let expected = next[message.topicText, default: 0]
        #expect(message.text.prefix { $0 != " " } == "\(expected)")
        next[message.topicText] = expected + 1
      }
      #expect(next == ["wired": 40, "web": 4])
      // Ten at once, then ten a second.
      #expect(watch.now - start >= .milliseconds(2_900))
      try wired.ping()
    }
  }

  /// A crowd is accepted at the door's pace; nobody is turned away.
  @Test func aCrowdComesInAtTheRate() throws {
    try withWebSocketHub(["--websocket-connection-rate", "10"]) { hub in
      let watch = ContinuousClock()
      let start = watch.now
      let crowd = try (0..<35).map { _ in try TCPConnection(port: hub.webSocketPort) }
      for (number, socket) in crowd.enumerated() {
        socket.send("GET / HTTP/1.1\r\n\r\n".utf8)
        let answer = try socket.receiveToEnd(within: .seconds(20))
        #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 426 "), "number \(number)")
      }
      // Ten at once, as many again in the same call of accept at most, then ten a second.
      #expect(watch.now - start >= .milliseconds(1_400))
      // The other door knows nothing of it.
      let other = watch.now
      _ = try (0..<35).map { try MQTTPeer.connected(hub.mqttPort, "peer-\($0)") }
      #expect(watch.now - other < .seconds(20))
    }
  }
}
