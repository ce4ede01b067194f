import DeviceAgentKit
import MQTTProtocol
import Testing

/// Many devices at once, by the fleet simulator.
@Suite struct FleetTests {
  @Test(arguments: [0, 1], ["311", "5"])
  func isStoredToTheLastReading(qos: Int, version: String) throws {
    try withHub { hub in
      let outcome = try run(
        Executables.fleetSimulator,
        [
          "--hub", "127.0.0.1:\(hub.mqttPort)", "--devices", "100", "--messages", "5000", "--qos", "\(qos)", "--rate",
          "max", "--protocol", version, "--json",
        ], within: .seconds(60))
      #expect(outcome.ending == .exit(0), "\(outcome.errors)")
      let report = try JSONReader.value(outcome.output)
      #expect(report["sent"]?.integer == 5_000)
      #expect(report["acknowledged"]?.integer == 5_000)
      let readings = try #require(report["readings"]?.number)
      #expect(readings == 10_000)
      #expect(try hub.metric("telemetry_hub_readings_stored") == readings)
      #expect(try hub.metric("telemetry_hub_readings_total") == readings)
      #expect(try hub.metric("telemetry_hub_messages_received_total{qos=\"\(qos)\"}") == 5_000)
      #expect(try hub.metric("telemetry_hub_dead_letters_total") == 0)
      #expect(try hub.metric("telemetry_hub_devices") == 100)
      #expect(try hub.json("/v1/latest").elements.count == 200)
    }
  }

  /// Every device's messages reach a subscriber that listens to all of them, each device's in order.
  @Test func isDeliveredWhole() throws {
    try withHub { hub in
      let subscriber = try MQTTPeer.connected(hub.mqttPort, "watcher")
      try subscriber.subscribe("v1/devices/+/telemetry")
      let fleet = try ChildProcess(
        Executables.fleetSimulator,
        ["--hub", "127.0.0.1:\(hub.mqttPort)", "--devices", "20", "--messages", "1000", "--rate", "2000", "--json"])
      var messages: [String: Int] = [:]
      var lastTime: [String: Int64] = [:]
      for _ in 0..<1_000 {
        let message = try subscriber.message()
        messages[message.topicText, default: 0] += 1
        let time = try JSONReader.value(message.payload)["ts"]?.integer ?? 0
        #expect(time > lastTime[message.topicText] ?? 0)
        lastTime[message.topicText] = time
      }
      #expect(messages.count == 20)
      #expect(messages.values.allSatisfy { $0 == 50 })
      #expect(try fleet.waitForEnd(within: .seconds(20)) == .exit(0))
    }
  }

  /// Whoever floods the hub, others are served, over MQTT and over HTTP.
  @Test(arguments: [0, 1])
  func leavesRoomForOthers(qos: Int) throws {
    try withHub { hub in
      let neighbour = try Neighbour(hub)
      let fleet = try ChildProcess(
        Executables.fleetSimulator,
        ["--hub", "127.0.0.1:\(hub.mqttPort)", "--devices", "8", "--qos", "\(qos)", "--rate", "max"])
      try eventually("the flood") { (try hub.metric("telemetry_hub_readings_total") ?? 0) > 1_000 }
      for round in 0..<10 { try neighbour.expectToBeServed(round) }
      #expect(fleet.isRunning)
    }
  }

  @Test func keepsIdleConnections() throws {
    try withHub { hub in
      let fleet = try ChildProcess(
        Executables.fleetSimulator,
        ["--hub", "127.0.0.1:\(hub.mqttPort)", "--devices", "500", "--idle", "--duration", "30s"])
      try eventually("500 connections", within: .seconds(30)) {
        try hub.metric("telemetry_hub_devices_connected") == 500
      }
      fleet.kill()
      try eventually("none") { try hub.metric("telemetry_hub_devices_connected") == 0 }
      #expect(try hub.metric("telemetry_hub_connections") == 0)
    }
  }
}
