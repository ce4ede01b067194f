import DeviceAgentKit
import Glibc
import MQTTProtocol
import Testing

/// MQTT over WebSocket, against a real hub.
@Suite struct WebSocketTests {
  @Test(arguments: [ProtocolVersion.v3_1_1, .v5]) func carriesMQTT(version: ProtocolVersion) throws {
    try withWebSocketHub { hub in
      let web = try WebSocketClient.connected(hub, version: version, "web")
      #expect(web.answer.contains("\r\nSec-WebSocket-Protocol: mqtt\r\n"))
      let wired = try MQTTPeer.connected(hub.mqttPort, "wired")
      try web.subscribe("to/web", qos: .exactlyOnce)
      try wired.subscribe("to/wired")
      for size in [0, 1, 125, 126, 65_535, 65_536, 200 << 10] {
        let payload = (0..<size).map { UInt8($0 % 253) }
        try wired.publish("to/web", payload)
        #expect(try web.message().payload == payload)
        web.sendPublish("to/wired", payload)
        _ = try web.expect("PUBACK") { if case .puback = $0 { true } else { nil } }
        #expect(try wired.message().payload == payload)
      }
      try web.ping()
      web.send(.disconnect(DisconnectPacket(reasonCode: .success)))
      #expect(try web.closing().code == 1000)
    }
  }

  @Test func deliversExactlyOnce() throws {
    try withWebSocketHub { hub in
      let web = try WebSocketClient.connected(hub, "web")
      try web.subscribe("a", qos: .exactlyOnce)
      web.send(.publish(PublishPacket(topic: [0x61], payload: [1], qos: .exactlyOnce, packetIdentifier: 9)))
      var seen: Set<PacketType> = []
      while seen.count < 4 {
        switch try web.receive() {
        case .pubrec(let pubrec):
          seen.insert(.pubrec)
          web.send(.pubrel(AcknowledgementPacket(packetIdentifier: pubrec.packetIdentifier)))
        case .pubcomp: seen.insert(.pubcomp)
        case .publish(let publish):
          seen.insert(.publish)
          web.send(.pubrec(AcknowledgementPacket(packetIdentifier: publish.packetIdentifier)))
        case .pubrel(let pubrel):
          seen.insert(.pubrel)
          web.send(.pubcomp(AcknowledgementPacket(packetIdentifier: pubrel.packetIdentifier)))
        case let other: throw HarnessError("unexpected \(String(describing: other))")
        }
      }
      try web.ping()
    }
  }

  /// Telemetry from a browser is a reading like any other.
  @Test func telemetryIsStored() throws {
    try withWebSocketHub { hub in
      let web = try WebSocketClient.connected(hub, "page")
      try web.publish("v1/devices/me/telemetry", #"{"temperature":21.5}"#)
      #expect(try hub.latest("page", "temperature")?.number == 21.5)
    }
  }

  /// [MQTT-6.0.0-2]
  @Test func packetsMayBeSplitAndJoined() throws {
    try withWebSocketHub { hub in
      let web = try WebSocketClient(port: hub.webSocketPort)
      let packets: [ControlPacket] = [
        .connect(ConnectPacket(version: .v5, clientIdentifier: "web")), .pingreq,
        .publish(PublishPacket(topic: [0x61], payload: [1, 2, 3], qos: .atLeastOnce, packetIdentifier: 4)), .pingreq,
      ]
      let bytes = packets.flatMap { $0.encoded(version: .v5) }
      // A byte a message, then all in three fragments of one message with pings between them.
      for byte in bytes.prefix(10) { web.send(.binary([byte])) }
      web.send(.binary(bytes[10..<20], isFinal: false))
      web.send(.ping("one"))
      web.send(.continuation(bytes[20..<25], isFinal: false))
      web.send(.ping("two"))
      web.send(.continuation(bytes[25...]))
      var answers: [ControlPacket] = []
      while answers.count < 4, let packet = try web.receive() { answers.append(packet) }
      #expect(answers.count { $0 == .pingresp } == 2)
      #expect(web.controlFrames.last == .pong("two"))
    }
  }

  /// [MQTT-6.0.0-1]
  @Test func aTextFrameEndsTheConnection() throws {
    try withWebSocketHub { hub in
      let watcher = try MQTTPeer.connected(hub.mqttPort, "watcher")
      try watcher.subscribe("will")
      let web = try WebSocketClient.connected(
        hub, "web", will: Will(topic: "will", payload: [1], qos: .atMostOnce, retain: false))
      web.send(.text("{}"))
      let closing = try web.closing()
      #expect(closing.reason == .protocolError)
      #expect(closing.code == 1003)
      #expect(try watcher.message().topicText == "will")
      #expect(try web.receiveFrame() == nil)
    }
  }

  @Test func theClientClosesInItsOwnWords() throws {
    try withWebSocketHub { hub in
      let web = try WebSocketClient.connected(hub, "web")
      web.send(.close(1001))
      #expect(try web.receiveFrame() == .close(1001))
      #expect(try web.receiveFrame() == nil)
      try eventually("nobody is left") { try hub.metric("telemetry_hub_connections") == 0 }
    }
  }

  @Test func aFrameWithoutMaskIsRefused() throws {
    try withWebSocketHub { hub in
      let web = try WebSocketClient.connected(hub, "web")
      web.socket.send([0x82, 0x02, 0xC0, 0x00])
      let closing = try web.closing()
      #expect(closing.reason == .protocolError)
      #expect(closing.code == 1002)
    }
  }

  @Test func aStopIsToldInBothProtocols() throws {
    let hub = try HubProcess(["--websocket-listen", "127.0.0.1:0"])
    let web = try WebSocketClient.connected(hub, "web")
    hub.process.send(signal: SIGTERM)
    let closing = try web.closing()
    #expect(closing.reason == .serverShuttingDown)
    #expect(closing.code == 1001)
    web.send(.close(1001))
    #expect(try hub.process.waitForEnd(within: .seconds(2)) == .exit(0), "\(hub.process.told)")
  }

  /// One message to many on both doors, over all event loops.
  @Test func reachesManyOnBothDoors() throws {
    try withWebSocketHub { hub in
      let webs = try (0..<60).map { try WebSocketClient.connected(hub, "web-\($0)") }
      let wired = try (0..<60).map { try MQTTPeer.connected(hub.mqttPort, "wired-\($0)") }
      for web in webs { try web.subscribe("all") }
      for peer in wired { try peer.subscribe("all") }
      for round in 0..<5 {
        try webs[round].publish("others", "")
        try wired[round].publish("all", "\(round)")
        for web in webs { #expect(try web.message().text == "\(round)") }
        for peer in wired where peer !== wired[round] { #expect(try peer.message().text == "\(round)") }
        #expect(try wired[round].message().text == "\(round)")
      }
      #expect(try hub.metric("telemetry_hub_connections") == 120)
    }
  }

  /// Who never reads costs what the limits say, in frames as without.
  @Test func aSlowReaderDisturbsNobody() throws {
    try withWebSocketHub { hub in
      let deaf = try WebSocketClient.connected(hub, "deaf", receiveBuffer: 4_096)
      try deaf.subscribe("flood", qos: .atMostOnce)
      let publisher = try MQTTPeer.connected(hub.mqttPort, "publisher")
      let payload = [UInt8](repeating: 0x61, count: 64 << 10)
      for _ in 0..<100 { try publisher.publish("flood", payload) }
      let before = try hub.residentBytes()
      for _ in 0..<400 { try publisher.publish("flood", payload) }
      let growth = try hub.residentBytes() - before
      #expect(growth < 8 << 20, "grew by \(growth) bytes")
      #expect(try #require(try hub.metric("telemetry_hub_messages_dropped_total")) > 300)
    }
  }
}
