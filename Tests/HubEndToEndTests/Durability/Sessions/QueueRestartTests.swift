import MQTTProtocol
import Testing

/// What waits for a client in its session is there after kill -9, once and in order.
@Suite struct QueueRestartTests {
  /// Publishes numbered messages with mosquitto_pub, which ends when all are acknowledged.
  private static func publish(_ numbers: ClosedRange<Int>, _ version: String, qos: Int, to hub: HubProcess) throws {
    let file = try hub.directory.write(numbers.map { "message \($0)" }.joined(separator: "\n").utf8, to: "lines")
    let outcome = try run(
      "mosquitto_pub", hub.mosquittoAddress + ["-V", version, "-q", "\(qos)", "-t", "log", "-l"], input: file)
    #expect(outcome.ending == .exit(0), "\(outcome.errors)")
  }

  private static func expected(_ qos: Int, _ numbers: ClosedRange<Int>) -> [String] {
    numbers.map { "\(qos) message \($0)" }
  }

  @Test(arguments: ["311", "5"], [1, 2])
  func getsWhatCameWhileItWasAway(version: String, qos: Int) throws {
    let lives = try HubLives()
    let session = ["-V", version, "-c", "-i", "lasting", "-q", "\(qos)", "-t", "log"]
    try lives.untilKilled { hub in
      // -E: subscribes and leaves.
      #expect(try hub.subscribe(session + ["-E"]).outcome().ending == .exit(0))
      try Self.publish(1...60, version, qos: qos, to: hub)
    }
    try lives.untilKilled { hub in
      #expect(hub.process.errors.contains(" 1 sessions, 0 retained messages in "), "\(hub.process.told)")
      try Self.publish(61...80, version, qos: qos, to: hub)
    }
    try lives.untilStopped { hub in
      try Self.publish(81...81, version, qos: qos, to: hub)
      // Were one of them there twice, the last would not be the last.
      let back = try hub.subscribe(session + ["-C", "81", "-F", "%q %p"]).outcome()
      #expect(back.lines == Self.expected(qos, 1...81))
    }
  }

  /// A client that connects again by itself, its own state in memory.
  @Test(arguments: ["311", "5"])
  func aClientThatStaysGoesOn(version: String) throws {
    let lives = try HubLives()
    var subscriber: ChildProcess?
    try lives.untilKilled { hub in
      let staying = try hub.subscribe([
        "-V", version, "-c", "-i", "staying", "-q", "2", "-t", "log", "-C", "90", "-F", "%q %p",
      ])
      subscriber = staying
      try hub.waitForSubscriptions(1)
      try Self.publish(1...30, version, qos: 2, to: hub)
      eventually("the first of them") { String(decoding: staying.output, as: UTF8.self).contains("message 10\n") }
    }
    try lives.untilKilled(isOnSamePort: true) { hub in
      try Self.publish(31...60, version, qos: 2, to: hub)
    }
    try lives.untilStopped(isOnSamePort: true) { hub in
      try Self.publish(61...90, version, qos: 2, to: hub)
      #expect(try subscriber?.outcome().lines == Self.expected(2, 1...90))
    }
  }

  /// A session lasts as long as it was asked to, the time without a hub included.
  @Test func aSessionEndsWhenItsTimeIsOver() throws {
    let lives = try HubLives()
    try lives.untilKilled { hub in
      for (name, expiry) in [("short", 1), ("long", 3_600)] as [(String, UInt32)] {
        let (peer, wasPresent) = try MQTTPeer.resumed(hub.mqttPort, name, expiry: expiry)
        #expect(!wasPresent)
        #expect(try peer.subscribe("log") == .grantedQoS1)
      }
    }
    try lives.untilStopped { hub in
      try eventually("one of them has expired") { try hub.metric("telemetry_hub_sessions") == 1 }
      #expect(try MQTTPeer.resumed(hub.mqttPort, "short").wasPresent == false)
      #expect(try MQTTPeer.resumed(hub.mqttPort, "long").wasPresent)
    }
  }

  /// A session that was ended stays ended.
  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func aSessionThatWasEndedDoesNotComeBack(version: ProtocolVersion) throws {
    let lives = try HubLives()
    try lives.untilKilled { hub in
      let (peer, _) = try MQTTPeer.resumed(hub.mqttPort, version: version, "ended")
      try peer.subscribe("log")
    }
    try lives.untilKilled { hub in
      // Clean Start, and gone with the connection; the acknowledged publish comes behind it in the order of commits.
      let peer = try MQTTPeer.connected(hub.mqttPort, version: version, "ended")
      try MQTTPeer.connected(hub.mqttPort, "other").publish("v1/devices/other/telemetry", #"{"n":1}"#)
      try peer.ping()
    }
    try lives.untilStopped { hub in
      #expect(hub.process.errors.contains(" 0 sessions, "), "\(hub.process.told)")
      let (peer, wasPresent) = try MQTTPeer.resumed(hub.mqttPort, version: version, "ended")
      #expect(!wasPresent)
      try MQTTPeer.connected(hub.mqttPort, "other").publish("log", "not for it")
      try peer.ping()
    }
  }
}
