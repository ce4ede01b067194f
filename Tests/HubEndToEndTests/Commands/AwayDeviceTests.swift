import DeviceAgentKit
import MQTTProtocol
import Testing

/// Commands to a device that sleeps.
@Suite struct AwayDeviceTests {
  @Test func isHandedOutWhenTheDeviceAsks() throws {
    try withHub { hub in
      try ScriptedDevice(hub, "valve", listens: false).leave()
      let first = try hub.sendCommand(to: "valve", #"{"name":"open","arguments":{"n":1}}"#)
      let second = try hub.sendCommand(to: "valve", #"{"name":"close"}"#)
      #expect(try hub.states(of: first) == ["queued"])

      let device = try ScriptedDevice(hub, "valve", listens: false)
      try device.peer.subscribe("v1/devices/me/commands/next/response")
      let answer = try device.askForCommands()
      let commands = try #require(answer["commands"]).elements
      #expect(commands.map { $0["id"]?.string } == [first])
      #expect(commands.first?["arguments"] == ["n": 1])
      #expect(answer["time"]?.integer != nil)
      try device.peer.ping()
      #expect(try hub.states(of: first) == ["queued", "sent", "delivered"])
      #expect(try hub.states(of: second) == ["queued"])
      #expect(try device.askForCommands(maximum: 5)["commands"]?.elements.map { $0["id"]?.string } == [second])
      // Nothing is left, and the answer says that.
      let empty = try device.askForCommands()
      #expect(empty["commands"] == [])
      #expect((empty["retry_after_s"]?.integer ?? 0) > 0)
      try device.report(first, #"{"status":"succeeded"}"#)
      #expect(try hub.states(of: first).last == "succeeded")
    }
  }

  @Test func isHandedOutOnTheResponseTopic() throws {
    try withHub { hub in
      try ScriptedDevice(hub, "valve", listens: false).leave()
      let id = try hub.sendCommand(to: "valve")
      let device = try ScriptedDevice(hub, "valve", listens: false)
      try device.peer.subscribe("valve/inbox")
      let code = try device.peer.publish(
        "v1/devices/me/commands/next", [],
        properties: [.responseTopic("valve/inbox"), .correlationData([7, 0, 7])])
      #expect(code == .success)
      let answer = try device.peer.message()
      #expect(answer.topicText == "valve/inbox")
      #expect(answer.properties.correlationData == [7, 0, 7])
      let commands = try JSONReader.value(answer.payload)["commands"]?.elements
      #expect(commands?.map { $0["id"]?.string } == [id])
    }
  }

  @Test func isOfferedWhenTheDeviceSubscribesAgain() throws {
    try withHub { hub in
      try ScriptedDevice(hub, "valve", listens: true).leave()
      let ids = try (0..<3).map { try hub.sendCommand(to: "valve", #"{"name":"step-\#($0)"}"#) }
      for id in ids { #expect(try hub.states(of: id) == ["queued"]) }
      let device = try ScriptedDevice(hub, "valve", listens: true)
      for id in ids {
        let (command, _) = try device.nextCommand()
        #expect(command["id"]?.string == id)
        try device.report(id, #"{"status":"succeeded"}"#)
        #expect(try hub.states(of: id) == ["queued", "sent", "delivered", "succeeded"])
      }
    }
  }

  @Test func isCancelledOnlyWhileQueued() throws {
    try withHub { hub in
      try ScriptedDevice(hub, "valve", listens: false).leave()
      let withdrawn = try hub.sendCommand(to: "valve")
      let answer = try hub.http("DELETE", "/v1/commands/\(withdrawn)")
      #expect(answer.status == 200)
      #expect(try answer.json()["state"]?.string == "cancelled")
      #expect(try hub.states(of: withdrawn) == ["queued", "cancelled"])

      let device = try ScriptedDevice(hub, "valve", listens: true)
      let id = try hub.sendCommand(to: "valve")
      #expect(try device.nextCommand().command["id"]?.string == id)
      try device.peer.ping()
      for (id, state) in [(withdrawn, "cancelled"), (id, "delivered")] {
        let refused = try hub.http("DELETE", "/v1/commands/\(id)")
        #expect(refused.status == 409)
        #expect(refused.headers["content-type"] == "application/problem+json")
        #expect(try refused.json()["state"]?.string == state)
      }
    }
  }

  @Test func listsTheNewestFirst() throws {
    try withHub { hub in
      try ScriptedDevice(hub, "valve", listens: false).leave()
      let ids = try (0..<5).map { _ in try hub.sendCommand(to: "valve") }
      let answer = try hub.http("GET", "/v1/devices/valve/commands?limit=3")
      #expect(try answer.json().elements.map { $0["id"]?.string } == Array(ids.reversed().prefix(3)))
      #expect(answer.headers["x-truncated"] == "true")
      #expect(answer.headers["x-total-count"] == "5")
    }
  }

  @Test func isLimitedForOneDevice() throws {
    try withHub { hub in
      try ScriptedDevice(hub, "valve", listens: false).leave()
      for _ in 0..<64 { _ = try hub.sendCommand(to: "valve") }
      let refused = try hub.http("POST", "/v1/devices/valve/commands", #"{"name":"open"}"#)
      #expect(refused.status == 429)
      #expect(refused.headers["retry-after"] != nil)
    }
  }
}
