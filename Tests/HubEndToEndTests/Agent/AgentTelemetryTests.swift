import DeviceAgentKit
import Glibc
import MQTTProtocol
import Testing

/// What the real agent publishes, and how it comes and goes.
@Suite struct AgentTelemetryTests {
  @Test func publishesItsBoard() throws {
    try withAgent { hub, _ in
      try eventually("readings of the board") { try hub.latest("board", "temperature.cpu-thermal") != nil }
      let rows = try hub.json("/v1/latest?device=board").elements
      var values: [String: JSONValue] = [:]
      for row in rows {
        values[row["metric"]?.string ?? ""] = row["value"]
        #expect((0..<10_000).contains(row["age_ms"]?.integer ?? -1))
      }
      let expected: [String: JSONValue] = [
        "temperature.cpu-thermal": 48.25, "temperature.bme280": -5.5, "memory.available": 409_600,
        "memory.used": 614_400, "memory.used_percent": 60, "load.1m": 0.5, "load.5m": 0.25, "load.15m": 0.1,
        "uptime": 1_234.5, "network.eth0.received": 4_321, "network.eth0.sent": 1_234,
      ]
      for (metric, value) in expected { #expect(values[metric] == value, "\(metric)") }
      #expect((values["disk.free"]?.integer ?? 0) > 0)
      #expect(values["network.lo.received"] == nil)

      let device = try hub.json("/v1/devices/board")
      #expect(device["status"]?["text"]?.string == "online")
      #expect(device["presence"]?["connected"]?["value"]?.boolean == true)
      #expect(device["attributes"] != nil)
    }
  }

  @Test func isOfflineWhenItIsKilled() throws {
    try withAgent { hub, agent in
      let watcher = try MQTTPeer.connected(hub.mqttPort, "watcher")
      try watcher.subscribe("v1/devices/+/status")
      let online = try watcher.message()
      #expect(online.topicText == "v1/devices/board/status" && online.text == "online" && online.retain)
      agent.process.kill()
      let offline = try watcher.message()
      #expect(offline.topicText == "v1/devices/board/status" && offline.text == "offline")
      #expect(try hub.json("/v1/devices/board")["presence"]?["connected"]?["value"]?.boolean == false)
    }
  }

  @Test func saysOfflineWhenItIsStopped() throws {
    try withAgent { hub, agent in
      #expect(try agent.stop() == .exit(0))
      let late = try hub.mosquittoSubscribe("-t", "v1/devices/board/status", "-C", "1", "-F", "%r %p")
      #expect(try late.outcome().lines == ["1 offline"])
    }
  }

  @Test func comesBackAfterTheHubDid() throws {
    let board = try TemporaryDirectory()
    try TestBoard.write(to: board)
    let state = try TemporaryDirectory()
    var hub = try HubProcess()
    let port = hub.mqttPort
    let agent = try AgentProcess(port: port, "board", board: board, state: state)
    try agent.waitUntilConnected()
    try eventually("readings before") { try hub.latest("board", "uptime") != nil }
    hub.stop()
    try agent.process.waitForErrorLine("that the hub is gone", within: .seconds(10)) {
      $0.contains("no connection to") ? () : nil
    }
    // A client of another test may have the port for a moment.
    let again = eventually("a hub on the same port") {
      guard let started = try? HubProcess(mqttPort: port) else { return false }
      hub = started
      return true
    }
    guard again else { return }
    // What was read while there was no hub was kept, and comes too.
    let restarted = WallClock.unixMilliseconds()
    try eventually("readings from before the restart", within: .seconds(30)) {
      try !hub.json("/v1/readings?device=*&metric=uptime&from=-5m&to=\(restarted)").elements.isEmpty
    }
    try eventually("readings from after the restart", within: .seconds(30)) {
      try !hub.json("/v1/readings?device=*&metric=uptime&from=\(restarted)&to=%2B1m").elements.isEmpty
    }
    #expect(try agent.stop() == .exit(0))
    hub.stop()
  }

  @Test func endsAfterOneRun() throws {
    try withHub { hub in
      let board = try TemporaryDirectory()
      try TestBoard.write(to: board)
      let state = try TemporaryDirectory()
      let first = try AgentProcess(port: hub.mqttPort, "board", board: board, state: state, ["--once"])
      #expect(try first.process.waitForEnd(within: .seconds(10)) == .exit(0), "\(first.process.told)")
      #expect(try hub.latest("board", "uptime") == 1_234.5)
      // A command that waits is run by the next run.
      let id = try hub.sendCommand(to: "board", #"{"name":"ping"}"#)
      #expect(try hub.states(of: id) == ["queued"])
      let second = try AgentProcess(port: hub.mqttPort, "board", board: board, state: state, ["--once"])
      #expect(try second.process.waitForEnd(within: .seconds(10)) == .exit(0), "\(second.process.told)")
      #expect(try hub.states(of: id).last == "succeeded")
    }
  }

  @Test func saysWhereThereIsNoHub() throws {
    let hub = try HubProcess()
    let port = hub.mqttPort
    hub.stop()
    let board = try TemporaryDirectory()
    try TestBoard.write(to: board)
    let state = try TemporaryDirectory()
    let agent = try AgentProcess(port: port, "board", board: board, state: state, ["--once"])
    #expect(try agent.process.waitForEnd(within: .seconds(20)) == .exit(AgentExit.hubUnreachable.rawValue))
    #expect(agent.process.errors.contains("127.0.0.1:\(port)"))
  }
}
