import MQTTProtocol
import Testing

/// Retained messages are after kill -9 what their publishers were told that they are.
@Suite struct RetainedRestartTests {
  @Test(arguments: ["311", "5"], [1, 2])
  func areSetReplacedAndCleared(version: String, qos: Int) throws {
    let lives = try HubLives()
    func publish(_ hub: HubProcess, _ arguments: String...) throws {
      let outcome = try run(
        "mosquitto_pub", hub.mosquittoAddress + ["-V", version, "-q", "\(qos)", "-r"] + arguments)
      #expect(outcome.ending == .exit(0), "\(outcome.errors)")
    }
    try lives.untilKilled { hub in
      for topic in ["house/set", "house/replaced", "house/cleared"] { try publish(hub, "-t", topic, "-m", "first") }
    }
    try lives.untilKilled { hub in
      #expect(hub.process.errors.contains(" 3 retained messages in "), "\(hub.process.told)")
      try publish(hub, "-t", "house/replaced", "-m", "second")
      try publish(hub, "-t", "house/cleared", "-n")
    }
    // Twice: what is restored is not changed by that.
    for _ in 0..<2 {
      try lives.untilKilled { hub in
        #expect(hub.process.errors.contains(" 2 retained messages in "), "\(hub.process.told)")
        let peer = try MQTTPeer.connected(hub.mqttPort, "reader")
        try peer.subscribe("house/#")
        var found: [String: String] = [:]
        for _ in 0..<2 {
          let message = try peer.message()
          #expect(message.retain)
          found[message.topicText] = message.text
        }
        #expect(found == ["house/set": "first", "house/replaced": "second"])
        try peer.ping()
      }
    }
  }

  /// Behind an acknowledgement there is no moment at which the former message comes back.
  @Test func theLastOneAcknowledgedCounts() throws {
    let lives = try HubLives()
    var last = 0
    for _ in 0..<8 {
      try lives.untilKilled { hub in
        let peer = try MQTTPeer.connected(hub.mqttPort, "writer")
        if last > 0 {
          try peer.subscribe("state")
          #expect(try peer.message().text == "\(last)")
          peer.send(.unsubscribe(UnsubscribePacket(packetIdentifier: 9, filters: ["state"])))
          _ = try peer.expect("UNSUBACK") { if case .unsuback(let unsuback) = $0 { unsuback } else { nil } }
        }
        for _ in 0..<7 {
          last += 1
          #expect(try peer.publish("state", "\(last)", retain: true) == .success)
        }
      }
    }
  }
}
