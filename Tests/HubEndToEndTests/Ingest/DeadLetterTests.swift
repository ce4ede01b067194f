import DeviceAgentKit
import MQTTProtocol
import Testing

/// Messages that cannot be read: kept, told, and no reason to hang up.
@Suite struct DeadLetterTests {
  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func isKeptAndTold(version: ProtocolVersion) throws {
    try withHub { hub in
      let device = try MQTTPeer.connected(hub.mqttPort, version: version, "porch")
      let code = try device.publish("v1/devices/me/telemetry", #"{"temperature":21.5"#)
      // MQTT 3.1.1 has no word for it.
      #expect(code == (version == .v5 ? .payloadFormatInvalid : .success))
      #expect(try device.publish("v1/devices/me/telemetry", #"{"temperature":20}"#) == .success)
      let letters = try hub.json("/v1/dead-letters").elements
      #expect(letters.count == 1)
      let letter = try #require(letters.first)
      #expect(letter["topic"]?.string == "v1/devices/porch/telemetry")
      #expect(letter["device"]?.string == "porch")
      #expect(letter["payload"]?.string == #"{"temperature":21.5"#)
      #expect(letter["bytes"]?.integer == 19)
      #expect(letter["reason"]?.string?.isEmpty == false)
      #expect(letter["time"]?.string?.hasSuffix("Z") == true)
      #expect(try hub.latest("porch", "temperature") == 20)
      #expect(try hub.metric("telemetry_hub_dead_letters_total") == 1)
    }
  }

  @Test func isAnsweredAtEveryQoS() throws {
    try withHub { hub in
      let device = try MQTTPeer.connected(hub.mqttPort, "porch")
      let topic = Array("v1/devices/porch/telemetry".utf8)
      device.send(.publish(PublishPacket(topic: topic, payload: Array("?".utf8))))
      device.send(
        .publish(PublishPacket(topic: topic, payload: Array("?".utf8), qos: .exactlyOnce, packetIdentifier: 9)))
      let pubrec = try device.expect("PUBREC") { if case .pubrec(let pubrec) = $0 { pubrec } else { nil } }
      #expect(pubrec.packetIdentifier == 9)
      #expect(pubrec.reasonCode == .payloadFormatInvalid)
      try device.ping()
      #expect(try hub.json("/v1/dead-letters").elements.count == 2)
    }
  }

  @Test func isBounded() throws {
    try withHub(["--dead-letters", "10"]) { hub in
      let device = try MQTTPeer.connected(hub.mqttPort, "porch")
      for number in 0..<25 { try device.publish("v1/devices/me/telemetry", "bad \(number)") }
      let letters = try hub.json("/v1/dead-letters").elements
      #expect(letters.map { $0["payload"]?.string } == (15..<25).reversed().map { "bad \($0)" })
      #expect(try hub.metric("telemetry_hub_dead_letters_total") == 25)
    }
  }

  /// Facts, results and questions that cannot be read are kept like telemetry.
  @Test(arguments: ["commands/next", "commands/0123456789abcdef/result", "attributes"])
  func isKeptOfOtherTopicsToo(suffix: String) throws {
    try withHub { hub in
      let device = try MQTTPeer.connected(hub.mqttPort, "porch")
      try device.publish("v1/devices/me/telemetry", "{}")
      var topic = suffix
      if suffix.hasSuffix("result") {
        // Only a result of a command that exists can be unreadable.
        let answer = try hub.http("POST", "/v1/devices/porch/commands", #"{"name":"ping"}"#)
        let id = try #require(try answer.json()["id"]?.string)
        topic = "commands/\(id)/result"
      }
      #expect(try device.publish("v1/devices/me/\(topic)", "{") == .payloadFormatInvalid)
      let letters = try hub.json("/v1/dead-letters").elements
      #expect(letters.map { $0["topic"]?.string } == ["v1/devices/porch/\(topic)"])
      try device.ping()
    }
  }
}
