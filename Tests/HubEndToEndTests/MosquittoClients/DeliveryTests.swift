import MQTTProtocol
import Testing

/// mosquitto_pub to mosquitto_sub.
@Suite struct DeliveryTests {
  @Test(arguments: ["311", "5"], [0, 1, 2])
  func deliversAtTheLowerOfBothQoS(version: String, published: Int) throws {
    try withHub { hub in
      var subscribers: [ChildProcess] = []
      for granted in 0...2 {
        subscribers.append(
          try hub.mosquittoSubscribe(
            "-V", version, "-q", "\(granted)", "-t", "house/+/temperature", "-C", "1", "-F", "%t %q %r %p"))
      }
      try hub.waitForSubscriptions(3)
      let sent = try hub.mosquittoPublish(
        "-V", version, "-q", "\(published)", "-t", "house/kitchen/temperature", "-m", "21.5")
      #expect(sent.ending == .exit(0), "\(sent.errors)")
      for (granted, subscriber) in subscribers.enumerated() {
        let outcome = try subscriber.outcome()
        #expect(outcome.ending == .exit(0))
        #expect(outcome.lines == ["house/kitchen/temperature \(min(granted, published)) 0 21.5"])
      }
    }
  }

  @Test(arguments: ["311", "5"])
  func deliversToTheOtherVersion(version: String) throws {
    try withHub { hub in
      let other = version == "5" ? "311" : "5"
      let subscriber = try hub.mosquittoSubscribe("-V", other, "-q", "2", "-t", "#", "-C", "1", "-F", "%q %p")
      try hub.waitForSubscriptions(1)
      try hub.mosquittoPublish("-V", version, "-q", "2", "-t", "a", "-m", "hello")
      #expect(try subscriber.outcome().lines == ["2 hello"])
    }
  }

  @Test(arguments: ["311", "5"])
  func keepsTheOrderOfOnePublisher(version: String) throws {
    try withHub { hub in
      let lines = (1...500).map { "message \($0)" }
      let directory = try TemporaryDirectory()
      let file = try directory.write(lines.joined(separator: "\n").utf8, to: "lines")
      let subscriber = try hub.mosquittoSubscribe("-V", version, "-q", "1", "-t", "log", "-C", "500")
      try hub.waitForSubscriptions(1)
      try run(
        "mosquitto_pub", ["-h", "127.0.0.1", "-p", "\(hub.mqttPort)", "-V", version, "-q", "1", "-t", "log", "-l"],
        input: file)
      #expect(try subscriber.outcome().lines == lines)
    }
  }

  @Test(arguments: ["311", "5"])
  func deliversLargePayloads(version: String) throws {
    try withHub { hub in
      let payload = [UInt8]((0..<200 * 1_024).map { UInt8(truncatingIfNeeded: $0 &* 31) })
      let directory = try TemporaryDirectory()
      let file = try directory.write(payload, to: "large")
      let subscriber = try hub.mosquittoSubscribe("-V", version, "-q", "1", "-t", "large", "-C", "1", "-N")
      try hub.waitForSubscriptions(1)
      let sent = try hub.mosquittoPublish("-V", version, "-q", "1", "-t", "large", "-f", file)
      #expect(sent.ending == .exit(0), "\(sent.errors)")
      #expect(try subscriber.outcome().output == payload)
    }
  }

  @Test(arguments: ["311", "5"])
  func refusesTooLargePackets(version: String) throws {
    try withHub { hub in
      let directory = try TemporaryDirectory()
      let file = try directory.write([UInt8](repeating: 0x61, count: 300 * 1_024), to: "too-large")
      // To MQTT 5 the CONNACK said so, and mosquitto_pub does not even try; in 3.1.1 the connection ends.
      try hub.mosquittoPublish("-V", version, "-q", "0", "-t", "large", "-f", file)
      #expect(try hub.mosquittoPublish("-V", version, "-q", "1", "-t", "small", "-m", "x").ending == .exit(0))
      #expect(try hub.metric("telemetry_hub_messages_received_total{qos=\"0\"}") == 0)
    }
  }

  @Test(arguments: ["311", "5"], [0, 1, 2])
  func answersMosquittoRequests(version: String, qos: Int) throws {
    try withHub { hub in
      // The hub itself is what answers here: it tells a device the time.
      let outcome = try hub.mosquittoRequest(
        "-V", version, "-q", "\(qos)", "-i", "porch", "-t", "v1/devices/porch/time", "-e",
        "v1/devices/porch/time/response", "-m", "?")
      #expect(outcome.ending == .exit(0), "\(outcome.errors)")
      #expect(outcome.text.hasPrefix("{\"time\":1"), "\(outcome.text)")
    }
  }

  @Test(arguments: ["311", "5"], [QoS.atMostOnce, .atLeastOnce, .exactlyOnce])
  func carriesRequestAndResponseBetweenClients(version: String, qos: QoS) throws {
    try withHub { hub in
      let responder = try MQTTPeer.connected(hub.mqttPort, "responder")
      #expect(try responder.subscribe("service/add", qos: .exactlyOnce) == .grantedQoS2)
      let request = try ChildProcess(
        "mosquitto_rr",
        [
          "-h", "127.0.0.1", "-p", "\(hub.mqttPort)", "-V", version, "-q", "\(qos.rawValue)", "-t", "service/add", "-e",
          "reply/1", "-m", "2+2", "-W", "20", "-F", "%q %p",
        ])
      let asked = try responder.message()
      #expect(asked.text == "2+2" && asked.qos == qos)
      if qos == .exactlyOnce {
        let acknowledgement = AcknowledgementPacket(packetIdentifier: asked.packetIdentifier)
        responder.send(.pubrec(acknowledgement))
        let pubrel = try responder.expect("PUBREL") { if case .pubrel(let pubrel) = $0 { pubrel } else { nil } }
        #expect(pubrel == acknowledgement)
        responder.send(.pubcomp(acknowledgement))
      }
      // MQTT 3.1.1 has no properties: there the responder knows by agreement where to answer.
      #expect(asked.properties.responseTopic == (version == "5" ? "reply/1" : nil))
      let answered = try hub.mosquittoPublish("-V", version, "-q", "\(qos.rawValue)", "-t", "reply/1", "-m", "4")
      #expect(answered.ending == .exit(0), "\(answered.errors)")
      let outcome = try request.outcome()
      #expect(outcome.ending == .exit(0), "\(outcome.errors)")
      #expect(outcome.lines == ["\(qos.rawValue) 4"])
    }
  }
}
