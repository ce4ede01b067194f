import MQTTProtocol
import MosquittoClient
import Testing

/// Connections: taken over, kept alive, their properties carried along.
@Suite struct SessionTests {
  @Test(arguments: [ProtocolVersion.v3_1_1, .v5], [ProtocolVersion.v3_1_1, .v5])
  func isTakenOverByTheSameClientIdentifier(former: ProtocolVersion, later: ProtocolVersion) throws {
    try withHub { hub in
      // Several, so that both are on one event loop for some and on two for others.
      for number in 0..<8 {
        let first = try MQTTPeer.connected(hub.mqttPort, version: former, "twin-\(number)")
        try first.subscribe("x/\(number)")
        let second = try MQTTPeer.connected(hub.mqttPort, version: later, "twin-\(number)")
        #expect(try first.closingReason() == (former == .v5 ? .sessionTakenOver : nil))
        try second.publish("x/\(number)", "for nobody")
        try second.ping()
      }
      #expect(try hub.metric("telemetry_hub_session_takeovers_total") == 8)
      #expect(try hub.metric("telemetry_hub_subscriptions") == 0)
    }
  }

  @Test func enforcesTheKeepAlive() throws {
    try withHub { hub in
      let watcher = try MQTTPeer.connected(hub.mqttPort, "watcher")
      try watcher.subscribe("last/words")
      let will = Will(topic: "last/words", payload: Array("silent".utf8), qos: .atMostOnce, retain: false)
      let modern = try MQTTPeer.connected(hub.mqttPort, version: .v5, "modern", keepAlive: 1, will: will)
      let older = try MQTTPeer.connected(hub.mqttPort, version: .v3_1_1, "older", keepAlive: 1)
      let alive = try MQTTPeer.connected(hub.mqttPort, version: .v5, "alive", keepAlive: 60)
      #expect(try modern.closingReason() == .keepAliveTimeout)
      #expect(try older.closingReason() == nil)
      #expect(try watcher.message().text == "silent")
      try alive.ping()
      #expect(try hub.metric("telemetry_hub_keep_alive_timeouts_total") == 2)
    }
  }

  @Test func givesAClientIdentifierWhereThereIsNone() throws {
    try withHub { hub in
      let first = try MQTTPeer(port: hub.mqttPort)
      let second = try MQTTPeer(port: hub.mqttPort)
      let names = [try first.connect(), try second.connect()].compactMap(\.properties.assignedClientIdentifier)
      #expect(Set(names).count == 2)
      let older = try MQTTPeer(port: hub.mqttPort, version: .v3_1_1)
      #expect(try older.connect().reasonCode == .success)
      // Without a name there is no session to keep [MQTT-3.1.3-8].
      let wrong = try MQTTPeer(port: hub.mqttPort, version: .v3_1_1)
      wrong.send(.connect(ConnectPacket(version: .v3_1_1, cleanStart: false, clientIdentifier: "")))
      let connack = try wrong.expect("CONNACK") { if case .connack(let connack) = $0 { connack } else { nil } }
      #expect(connack.reasonCode.rawValue == 2)
      #expect(try wrong.receive() == nil)
    }
  }

  @Test func carriesPropertiesAlong() throws {
    try withHub { hub in
      let subscriber = try MosquittoClient(
        MosquittoConnectOptions(host: "127.0.0.1", port: hub.mqttPort, clientIdentifier: "reader"))
      try subscriber.connectAndWait()
      #expect(try subscriber.subscribeAndWait(to: "orders/#", qos: .exactlyOnce) == MosquittoReasonCode(rawValue: 2))
      var options = MosquittoConnectOptions(host: "127.0.0.1", port: hub.mqttPort, clientIdentifier: "writer")
      options.keepAlive = 10
      let publisher = try MosquittoClient(options)
      try publisher.connectAndWait()
      var message = MosquittoMessage(topic: "orders/7", payload: Array("{}".utf8), qos: .exactlyOnce)
      message.properties = MosquittoMessageProperties(
        messageExpiry: 60, contentType: "application/json", responseTopic: "orders/7/reply",
        correlationData: [1, 0, 255],
        userProperties: [.init(name: "a", value: "1"), .init(name: "a", value: "2")])
      #expect(try publisher.publishAndWait(message) == .success)
      var received = try subscriber.nextMessage()
      #expect((59...60).contains(received.properties.messageExpiry ?? 0))
      received.properties.messageExpiry = 60
      #expect(received == message)
      publisher.disconnectAndWait()
    }
  }
}
